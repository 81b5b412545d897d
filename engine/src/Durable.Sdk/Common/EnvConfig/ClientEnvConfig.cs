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
    private const string DefaultProfile = "default";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the file of <c>TEMPORAL_CONFIG_FILE</c>, or <c>temporalio/temporal.toml</c> in the user's configuration folder; where no file is there are no profiles.</summary>
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
        try
        {
            return ProfileToml.Read(Toml.Parse(text), strict);
        }
        catch (FormatException e)
        {
            throw Unreadable(e.Message, e);
        }
    }

    internal static InvalidOperationException Unreadable(string what, Exception? cause = null) => new($"Configuration loading error: {what}", cause);

    internal static InvalidOperationException Invalid(string what) => Unreadable($"Invalid configuration: {what}");

    private static string? Text(DataSource? source, EnvironmentVariables variables)
    {
        try
        {
            if (source?.Data is { Length: > 0 } data)
            {
                using var reader = new StreamReader(new MemoryStream(data), Strict);
                return reader.ReadToEnd();
            }
            var file = source?.Path ?? variables.NotEmpty("TEMPORAL_CONFIG_FILE") ?? DefaultFile();
            return Path.Exists(file) ? File.ReadAllText(file, Strict) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw Unreadable(e.Message, e);
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
