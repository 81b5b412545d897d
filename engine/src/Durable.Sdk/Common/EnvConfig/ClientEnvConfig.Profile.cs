using Temporalio.Client;
using Temporalio.Common.EnvConfig.Internal;

namespace Temporalio.Common.EnvConfig;

public sealed partial record ClientEnvConfig
{
    /// <summary>How to reach one server.</summary>
    /// <param name="Address"><c>host:port</c>.</param>
    /// <param name="GrpcMeta">Metadata of each call; names in lower case with dashes.</param>
    public sealed record Profile(
        string? Address = null,
        string? Namespace = null,
        string? ApiKey = null,
        Tls? Tls = null,
        IReadOnlyDictionary<string, string>? GrpcMeta = null)
    {
        /// <summary>The profile of the file, with what variables say over it.</summary>
        /// <exception cref="InvalidOperationException">The configuration cannot be read or understood, or a profile was asked for by name that is not there.</exception>
        public static Profile Load(ProfileLoadOptions? options = null)
        {
            options ??= new();
            if (options.DisableFile && options.DisableEnv)
            {
                throw new InvalidOperationException("Cannot disable both file and environment");
            }
            var variables = options.DisableEnv ? EnvironmentVariables.None : new EnvironmentVariables(options.OverrideEnvVars);
            var profile = new Profile();
            if (!options.DisableFile)
            {
                var asked = options.Profile ?? variables.Get("TEMPORAL_PROFILE");
                if (ReadProfiles(options.ConfigSource, options.ConfigFileStrict, variables).TryGetValue(asked ?? DefaultProfile, out var found))
                {
                    profile = found;
                }
                else if (asked is not null && asked != DefaultProfile)
                {
                    throw new InvalidOperationException($"Profile '{asked}' not found");
                }
            }
            return options.DisableEnv ? profile : ProfileVariables.Apply(profile, variables);
        }

        public static Profile FromDictionary(IReadOnlyDictionary<string, object> dictionary) => new(
            dictionary.GetValueOrDefault("address") as string,
            dictionary.GetValueOrDefault("namespace") as string,
            dictionary.GetValueOrDefault("api_key") as string,
            dictionary.GetValueOrDefault("tls") is IReadOnlyDictionary<string, object> tls ? ClientEnvConfig.Tls.FromDictionary(tls) : null,
            dictionary.GetValueOrDefault("grpc_meta") as IReadOnlyDictionary<string, string>);

        public Dictionary<string, object> ToDictionary()
        {
            var dictionary = new Dictionary<string, object>(StringComparer.Ordinal);
            if (Address is not null)
            {
                dictionary["address"] = Address;
            }
            if (Namespace is not null)
            {
                dictionary["namespace"] = Namespace;
            }
            if (ApiKey is not null)
            {
                dictionary["api_key"] = ApiKey;
            }
            if (Tls?.ToDictionary() is { Count: > 0 } tls)
            {
                dictionary["tls"] = tls;
            }
            if (GrpcMeta is { Count: > 0 })
            {
                dictionary["grpc_meta"] = new Dictionary<string, string>(GrpcMeta, StringComparer.Ordinal);
            }
            return dictionary;
        }

        /// <summary>Options with all that is set here. An API key without TLS settings turns TLS on.</summary>
        /// <exception cref="IOException">A certificate file cannot be read.</exception>
        public TemporalClientConnectOptions ToClientConnectionOptions()
        {
            var options = new TemporalClientConnectOptions { TargetHost = Address, ApiKey = ApiKey };
            if (Namespace is not null)
            {
                options.Namespace = Namespace;
            }
            options.Tls = Tls is not null ? Tls.ToTlsOptions() : ApiKey is not null ? new TlsOptions() : null;
            if (GrpcMeta is { Count: > 0 })
            {
                options.RpcMetadata = [.. GrpcMeta];
            }
            return options;
        }
    }
}
