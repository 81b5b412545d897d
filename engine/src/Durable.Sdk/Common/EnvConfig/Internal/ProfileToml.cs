namespace Temporalio.Common.EnvConfig.Internal;

/// <summary>Profiles of a TOML document: <c>[profile.NAME]</c>, <c>[profile.NAME.tls]</c>, <c>[profile.NAME.grpc_meta]</c>.</summary>
internal static class ProfileToml
{
    /// <exception cref="InvalidOperationException">A value is not of its kind, or, when strict, a key is unknown.</exception>
    public static Dictionary<string, ClientEnvConfig.Profile> Read(Dictionary<string, object> root, bool strict)
    {
        var profiles = new Dictionary<string, ClientEnvConfig.Profile>(StringComparer.Ordinal);
        Known(root, strict, string.Empty, "profile");
        foreach (var (name, value) in Table(root, "profile", string.Empty) ?? [])
        {
            var path = $"profile.{name}";
            profiles[name] = value is Dictionary<string, object> table
                ? Profile(table, strict, path)
                : throw new InvalidOperationException($"{path} must be a table");
        }
        return profiles;
    }

    private static ClientEnvConfig.Profile Profile(Dictionary<string, object> table, bool strict, string path)
    {
        Known(table, strict, path, "address", "namespace", "api_key", "tls", "codec", "grpc_meta");
        var meta = Table(table, "grpc_meta", path);
        return new(
            Text(table, "address", path),
            Text(table, "namespace", path),
            Text(table, "api_key", path),
            Table(table, "tls", path) is { } tls ? Tls(tls, strict, $"{path}.tls") : null,
            meta?.ToDictionary(
                static pair => ProfileVariables.MetaName(pair.Key),
                pair => pair.Value as string ?? throw new InvalidOperationException($"{path}.grpc_meta.{pair.Key} must be a string"),
                StringComparer.Ordinal));
    }

    private static ClientEnvConfig.Tls Tls(Dictionary<string, object> table, bool strict, string path)
    {
        Known(
            table, strict, path,
            "disabled", "server_name", "server_ca_cert_path", "server_ca_cert_data", "client_cert_path", "client_cert_data", "client_key_path", "client_key_data",
            "disable_host_verification");
        bool? disabled = table.TryGetValue("disabled", out var value)
            ? value as bool? ?? throw new InvalidOperationException($"{path}.disabled must be true or false")
            : null;
        return new(
            disabled,
            Text(table, "server_name", path),
            Source(table, "server_ca_cert", path),
            Source(table, "client_cert", path),
            Source(table, "client_key", path));
    }

    private static DataSource? Source(Dictionary<string, object> table, string key, string path) =>
        (Text(table, $"{key}_path", path), Text(table, $"{key}_data", path)) switch
        {
            (null, null) => null,
            (var file, null) => DataSource.FromPath(file),
            (null, var data) => DataSource.FromUTF8String(data),
            _ => throw new InvalidOperationException($"Cannot specify both {path}.{key}_path and {path}.{key}_data"),
        };

    private static string? Text(Dictionary<string, object> table, string key, string path) =>
        table.TryGetValue(key, out var value) ? value as string ?? throw new InvalidOperationException($"{path}.{key} must be a string") : null;

    private static Dictionary<string, object>? Table(Dictionary<string, object> table, string key, string path) =>
        table.TryGetValue(key, out var value)
            ? value as Dictionary<string, object> ?? throw new InvalidOperationException($"{path}{(path.Length == 0 ? string.Empty : ".")}{key} must be a table")
            : null;

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
                throw new InvalidOperationException($"Unknown key {(path.Length == 0 ? key : $"{path}.{key}")} in client configuration");
            }
        }
    }
}
