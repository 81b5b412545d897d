namespace Temporalio.Common.EnvConfig.Internal;

/// <summary>What variables change in a profile.</summary>
internal static class ProfileVariables
{
    private const string MetaPrefix = "TEMPORAL_GRPC_META_";

    /// <exception cref="InvalidOperationException">A value is not of its kind, or given twice.</exception>
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

    private static ClientEnvConfig.Tls? TlsOf(ClientEnvConfig.Tls? tls, EnvironmentVariables variables)
    {
        var disabled = variables.Get("TEMPORAL_TLS") is { } on ? !Flag("TEMPORAL_TLS", on) : (bool?)null;
        var name = variables.Get("TEMPORAL_TLS_SERVER_NAME");
        var root = Source(variables, "TEMPORAL_TLS_SERVER_CA_CERT", tls?.ServerRootCACert);
        var certificate = Source(variables, "TEMPORAL_TLS_CLIENT_CERT", tls?.ClientCert);
        var key = Source(variables, "TEMPORAL_TLS_CLIENT_KEY", tls?.ClientPrivateKey);
        if (disabled is null && name is null && root is null && certificate is null && key is null)
        {
            return tls;
        }
        tls ??= new();
        return new(
            disabled ?? tls.Disabled, name ?? tls.ServerName, root ?? tls.ServerRootCACert, certificate ?? tls.ClientCert, key ?? tls.ClientPrivateKey);
    }

    private static IReadOnlyDictionary<string, string>? MetaOf(IReadOnlyDictionary<string, string>? meta, EnvironmentVariables variables)
    {
        Dictionary<string, string>? changed = null;
        foreach (var (variable, value) in variables.StartingWith(MetaPrefix))
        {
            changed ??= new(meta ?? new Dictionary<string, string>(), StringComparer.Ordinal);
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
        return changed ?? meta;
    }

    // A variable replaces what the file gives in the same way; a path here and data there would leave open which one is meant.
    private static DataSource? Source(EnvironmentVariables variables, string name, DataSource? given) =>
        (variables.Get($"{name}_PATH"), variables.Get($"{name}_DATA")) switch
        {
            (null, null) => null,
            (not null, null) when given?.Data is not null =>
                throw new InvalidOperationException($"Cannot specify {name}_PATH when the configuration file gives data"),
            (null, not null) when given?.Path is not null =>
                throw new InvalidOperationException($"Cannot specify {name}_DATA when the configuration file gives a path"),
            (var path, null) => DataSource.FromPath(path),
            (null, var data) => DataSource.FromUTF8String(data),
            _ => throw new InvalidOperationException($"Cannot specify both {name}_PATH and {name}_DATA"),
        };

    private static bool Flag(string name, string value) => value.ToUpperInvariant() switch
    {
        "1" or "T" or "TRUE" => true,
        "0" or "F" or "FALSE" => false,
        _ => throw new InvalidOperationException($"{name} must be true or false, not '{value}'"),
    };
}
