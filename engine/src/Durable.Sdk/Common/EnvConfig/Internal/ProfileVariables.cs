namespace Temporalio.Common.EnvConfig.Internal;

/// <summary>What variables change in a profile.</summary>
internal static class ProfileVariables
{
    private const string MetaPrefix = "TEMPORAL_GRPC_META_";

    private static readonly string[] TlsNames =
    [
        "TEMPORAL_TLS", "TEMPORAL_TLS_SERVER_NAME", "TEMPORAL_TLS_DISABLE_HOST_VERIFICATION",
        "TEMPORAL_TLS_SERVER_CA_CERT_PATH", "TEMPORAL_TLS_SERVER_CA_CERT_DATA",
        "TEMPORAL_TLS_CLIENT_CERT_PATH", "TEMPORAL_TLS_CLIENT_CERT_DATA",
        "TEMPORAL_TLS_CLIENT_KEY_PATH", "TEMPORAL_TLS_CLIENT_KEY_DATA",
    ];

    /// <exception cref="InvalidOperationException">A value is given twice.</exception>
    public static ClientEnvConfig.Profile Apply(ClientEnvConfig.Profile profile, EnvironmentVariables variables) => profile with
    {
        Address = variables.Get("TEMPORAL_ADDRESS") ?? profile.Address,
        Namespace = variables.Get("TEMPORAL_NAMESPACE") ?? profile.Namespace,
        ApiKey = variables.Get("TEMPORAL_API_KEY") ?? profile.ApiKey,
        Tls = TlsOf(profile.Tls, variables),
        GrpcMeta = MetaOf(profile.GrpcMeta, variables),
    };

    /// <summary>gRPC metadata names have dashes, which names of variables cannot have.</summary>
    public static string MetaName(string name) => name.ToLowerInvariant().Replace('_', '-');

    // One variable about TLS, whatever its value, is enough to turn TLS on where the file says nothing of it.
    private static ClientEnvConfig.Tls? TlsOf(ClientEnvConfig.Tls? tls, EnvironmentVariables variables)
    {
        if (tls is null && !TlsNames.Any(name => variables.Get(name) is not null))
        {
            return null;
        }
        tls ??= new();
        return new(
            Off(variables.Get("TEMPORAL_TLS")) ?? tls.Disabled,
            variables.Get("TEMPORAL_TLS_SERVER_NAME") ?? tls.ServerName,
            Source(variables, "server CA cert", "TEMPORAL_TLS_SERVER_CA_CERT", tls.ServerRootCACert),
            Source(variables, "cert", "TEMPORAL_TLS_CLIENT_CERT", tls.ClientCert),
            Source(variables, "key", "TEMPORAL_TLS_CLIENT_KEY", tls.ClientPrivateKey));
    }

    private static IReadOnlyDictionary<string, string>? MetaOf(IReadOnlyDictionary<string, string>? meta, EnvironmentVariables variables)
    {
        var changed = new Dictionary<string, string>(meta ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        foreach (var (variable, value) in variables.StartingWith(MetaPrefix))
        {
            var name = MetaName(variable[MetaPrefix.Length..]);
            if (value.Length == 0)
            {
                // An empty variable takes away what the file gave.
                changed.Remove(name);
            }
            else
            {
                changed[name] = value;
            }
        }
        return changed.Count == 0 ? null : changed;
    }

    // A variable replaces what the file gives in the same way; a path here and data there would leave open which one is meant.
    private static DataSource? Source(EnvironmentVariables variables, string what, string name, DataSource? given) =>
        (variables.Get($"{name}_PATH"), variables.Get($"{name}_DATA")) switch
        {
            (null, null) => given,
            (not null, null) when given?.Data is not null =>
                throw ClientEnvConfig.Invalid($"Cannot specify {what} path via {name}_PATH when {what} data is already specified"),
            (null, not null) when given?.Path is not null =>
                throw ClientEnvConfig.Invalid($"Cannot specify {what} data via {name}_DATA when {what} path is already specified"),
            (var path, null) => path.Length == 0 ? null : DataSource.FromPath(path),
            (null, var data) => data.Length == 0 ? null : DataSource.FromUTF8String(data),
            _ => throw ClientEnvConfig.Invalid($"Cannot specify both {name}_PATH and {name}_DATA"),
        };

    // Another word than these says nothing.
    private static bool? Off(string? on) => on?.ToUpperInvariant() switch
    {
        "1" or "TRUE" => false,
        "0" or "FALSE" => true,
        _ => null,
    };
}
