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
                throw Invalid("Cannot disable both file and environment loading");
            }
            var variables = new EnvironmentVariables(options.OverrideEnvVars);
            var profile = options.DisableFile ? new() : OfFile(options, variables);
            return options.DisableEnv ? profile : ProfileVariables.Apply(profile, variables);
        }

        private static Profile OfFile(ProfileLoadOptions options, EnvironmentVariables variables)
        {
            // Where the file is, its variable says even when none may say what is in it.
            var profiles = ReadProfiles(options.ConfigSource, options.ConfigFileStrict, variables);
            var asked = options.Profile is { Length: > 0 } given ? given : options.DisableEnv ? null : variables.NotEmpty("TEMPORAL_PROFILE");
            return profiles.TryGetValue(asked ?? DefaultProfile, out var found) ? found
                : asked is null ? new()
                : throw Unreadable($"Profile '{asked}' not found");
        }

        public static Profile FromDictionary(IReadOnlyDictionary<string, object> dictionary) => new(
            (string?)dictionary.GetValueOrDefault("address"),
            (string?)dictionary.GetValueOrDefault("namespace"),
            (string?)dictionary.GetValueOrDefault("api_key"),
            dictionary.GetValueOrDefault("tls") is IReadOnlyDictionary<string, object> tls ? ClientEnvConfig.Tls.FromDictionary(tls) : null,
            (IReadOnlyDictionary<string, string>?)dictionary.GetValueOrDefault("grpc_meta"));

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
            if (Tls is not null)
            {
                dictionary["tls"] = Tls.ToDictionary();
            }
            if (GrpcMeta is not null)
            {
                dictionary["grpc_meta"] = GrpcMeta;
            }
            return dictionary;
        }

        /// <summary>Options with all that is set here. An API key turns TLS on, unless that is disabled.</summary>
        /// <exception cref="IOException">A certificate file cannot be read.</exception>
        public TemporalClientConnectOptions ToClientConnectionOptions()
        {
            var options = new TemporalClientConnectOptions { TargetHost = Address, ApiKey = ApiKey };
            if (Namespace is not null)
            {
                options.Namespace = Namespace;
            }
            options.Tls = Tls is not null ? Tls.ToTlsOptions() : ApiKey is not null ? new TlsOptions() : null;
            if (GrpcMeta is not null)
            {
                options.RpcMetadata = [.. GrpcMeta];
            }
            return options;
        }
    }
}
