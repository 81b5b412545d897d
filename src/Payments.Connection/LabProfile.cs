using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;

namespace Payments.Connection;

/// <summary>The lab profile is the environment name <c>Lab</c> (<c>--environment Lab</c>, <c>DOTNET_ENVIRONMENT=Lab</c>). Its settings are defaults: environment and command line beat them.</summary>
public static class LabProfile
{
    public const string Name = "Lab";

    public static void AddDefaults(IConfigurationBuilder configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            // The lab shows what happens without a key: two payments.
            InitialData = new Dictionary<string, string?> { ["Idempotency:RequireKey"] = "false" },
        });
    }

    /// <exception cref="InvalidOperationException">A protection is switched off outside the lab.</exception>
    public static void RefuseSwitches(IConfiguration configuration, bool lab)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        foreach (var protection in configuration.GetSection("Protection").GetChildren())
        {
            if (!lab && (!bool.TryParse(protection.Value, out var on) || !on))
            {
                throw new InvalidOperationException($"Protection:{protection.Key} is switched off, which only the lab may do (--environment Lab).");
            }
        }
    }
}
