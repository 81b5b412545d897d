using System.Text;
using Temporalio.Client;
using Temporalio.Common.EnvConfig.Internal;

namespace Temporalio.Common.EnvConfig;

/// <summary>
/// The environment configuration that all SDKs and the CLI read: profiles of a TOML file, and over them variables named <c>TEMPORAL_…</c>.
/// </summary>
/// <param name="Profiles">By name.</param>
public sealed partial record ClientEnvConfig(IReadOnlyDictionary<string, ClientEnvConfig.Profile> Profiles)
{
    internal const string DefaultProfile = "default";

    /// <summary>Reads the file of <c>TEMPORAL_CONFIG_FILE</c>, or <c>temporalio/temporal.toml</c> in the user's configuration folder; without a file there are no profiles.</summary>
    /// <exception cref="InvalidOperationException">The file cannot be read or understood.</exception>
    public static ClientEnvConfig Load(ConfigLoadOptions? options = null) =>
        new(ReadProfiles(options?.ConfigSource, options?.ConfigFileStrict ?? false, new EnvironmentVariables(options?.OverrideEnvVars)));

    /// <summary>Reads one profile and makes options of it: <see cref="Profile.Load"/>, then <see cref="Profile.ToClientConnectionOptions"/>.</summary>
    /// <exception cref="InvalidOperationException">The configuration cannot be read or understood.</exception>
    public static TemporalClientConnectOptions LoadClientConnectOptions(ProfileLoadOptions? options = null) =>
        Profile.Load(options).ToClientConnectionOptions();

    public static ClientEnvConfig FromDictionary(IReadOnlyDictionary<string, Dictionary<string, object>> profileDictionaries) =>
        new(profileDictionaries.ToDictionary(static pair => pair.Key, static pair => Profile.FromDictionary(pair.Value), StringComparer.Ordinal));

    public IReadOnlyDictionary<string, Dictionary<string, object>> ToDictionary() =>
        Profiles.ToDictionary(static pair => pair.Key, static pair => pair.Value.ToDictionary(), StringComparer.Ordinal);

    internal static Dictionary<string, Profile> ReadProfiles(DataSource? source, bool strict, EnvironmentVariables variables)
    {
        var text = Text(source, variables);
        if (text is null)
        {
            return [];
        }
        Dictionary<string, object> root;
        try
        {
            root = Toml.Parse(text);
        }
        catch (FormatException e)
        {
            throw new InvalidOperationException($"Client configuration is not valid TOML: {e.Message}", e);
        }
        return ProfileToml.Read(root, strict);
    }

    private static string? Text(DataSource? source, EnvironmentVariables variables)
    {
        try
        {
            if (source is not null)
            {
                return Encoding.UTF8.GetString(source.GetBytes() ?? []);
            }
            if (variables.Get("TEMPORAL_CONFIG_FILE") is { } configured)
            {
                return File.ReadAllText(configured);
            }
            var file = DefaultFile();
            return file is not null && File.Exists(file) ? File.ReadAllText(file) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"Cannot read client configuration: {e.Message}", e);
        }
    }

    private static string? DefaultFile()
    {
        // Where Go's os.UserConfigDir looks, because the CLI writes it there.
        var folder = OperatingSystem.IsMacOS()
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "Library", "Application Support")
            : Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData);
        return folder.Length == 0 ? null : Path.Combine(folder, "temporalio", "temporal.toml");
    }
}
