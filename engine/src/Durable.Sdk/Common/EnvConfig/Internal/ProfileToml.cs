namespace Temporalio.Common.EnvConfig.Internal;

/// <summary>Profiles of a TOML document: <c>[profile.NAME]</c>, <c>[profile.NAME.tls]</c>, <c>[profile.NAME.grpc_meta]</c>.</summary>
internal static class ProfileToml
{
    /// <exception cref="FormatException">A value is not of its kind, or, when strict, a key is unknown.</exception>
    /// <exception cref="InvalidOperationException">A certificate or key is given twice.</exception>
    public static Dictionary<string, ClientEnvConfig.Profile> Read(Dictionary<string, object> root, bool strict)
    {
        var profiles = new Dictionary<string, ClientEnvConfig.Profile>(StringComparer.Ordinal);
        Known(root, strict, string.Empty, "profile");
        var tables = Table(root, "profile", string.Empty) ?? [];
        foreach (var name in tables.Keys)
        {
            profiles[name] = Profile(Table(tables, name, "profile.")!, strict, $"profile.{name}.");
        }
        return profiles;
    }

    private static ClientEnvConfig.Profile Profile(Dictionary<string, object> table, bool strict, string path)
    {
        Known(table, strict, path, "address", "namespace", "api_key", "tls", "codec", "grpc_meta");
        if (Table(table, "codec", path) is { } codec)
        {
            // A codec at an address is for the CLI and the web interface.
            Known(codec, strict, $"{path}codec.", "endpoint", "auth");
        }
        var meta = Table(table, "grpc_meta", path);
        return new(
            Text(table, "address", path),
            Text(table, "namespace", path),
            Text(table, "api_key", path),
            Table(table, "tls", path) is { } tls ? Tls(tls, strict, $"{path}tls.") : null,
            meta is not { Count: > 0 } ? null : meta.Keys.ToDictionary(ProfileVariables.MetaName, name => Text(meta, name, $"{path}grpc_meta.")!, StringComparer.Ordinal));
    }

    private static ClientEnvConfig.Tls Tls(Dictionary<string, object> table, bool strict, string path)
    {
        Known(
            table, strict, path,
            "disabled", "client_cert_path", "client_cert_data", "client_key_path", "client_key_data", "server_ca_cert_path", "server_ca_cert_data", "server_name",
            "disable_host_verification");
        Flag(table, "disable_host_verification", path);
        return new(
            Flag(table, "disabled", path),
            Text(table, "server_name", path),
            Source(table, "server_ca_cert", path),
            Source(table, "client_cert", path),
            Source(table, "client_key", path));
    }

    private static DataSource? Source(Dictionary<string, object> table, string key, string path) =>
        (Text(table, $"{key}_path", path), Text(table, $"{key}_data", path)) switch
        {
            (not null, not null) => throw ClientEnvConfig.Invalid($"Cannot specify both {key}_path and {key}_data"),
            ({ Length: > 0 } file, _) => DataSource.FromPath(file),
            (_, { Length: > 0 } data) => DataSource.FromUTF8String(data),
            _ => null,
        };

    private static string? Text(Dictionary<string, object> table, string key, string path) =>
        table.TryGetValue(key, out var value) ? value as string ?? throw Not(path, key, "a string") : null;

    private static bool? Flag(Dictionary<string, object> table, string key, string path) =>
        table.TryGetValue(key, out var value) ? value as bool? ?? throw Not(path, key, "a boolean") : null;

    private static Dictionary<string, object>? Table(Dictionary<string, object> table, string key, string path) =>
        table.TryGetValue(key, out var value) ? value as Dictionary<string, object> ?? throw Not(path, key, "a table") : null;

    private static FormatException Not(string path, string key, string expected) => new($"invalid type: `{path}{key}` in TOML, expected {expected}");

    private static void Known(Dictionary<string, object> table, bool strict, string path, params ReadOnlySpan<string> keys)
    {
        if (!strict)
        {
            return;
        }
        foreach (var key in table.Keys)
        {
            if (!keys.Contains(key))
            {
                throw new FormatException($"unknown field `{path}{key}` in TOML, expected one of {string.Join(", ", keys.ToArray().Select(static known => $"`{known}`"))}");
            }
        }
    }
}
