using Temporalio.Client;

namespace Temporalio.Common.EnvConfig;

public sealed partial record ClientEnvConfig
{
    /// <summary>TLS of a profile; all PEM.</summary>
    /// <param name="Disabled">True turns TLS off whatever else is set.</param>
    /// <param name="ServerName">Name to check instead of the address's host.</param>
    public sealed record Tls(
        bool? Disabled = null,
        string? ServerName = null,
        DataSource? ServerRootCACert = null,
        DataSource? ClientCert = null,
        DataSource? ClientPrivateKey = null)
    {
        public static Tls FromDictionary(IReadOnlyDictionary<string, object> dictionary) => new(
            (bool?)dictionary.GetValueOrDefault("disabled"),
            (string?)dictionary.GetValueOrDefault("server_name"),
            Source(dictionary, "server_ca_cert"),
            Source(dictionary, "client_cert"),
            Source(dictionary, "client_key"));

        public Dictionary<string, object> ToDictionary()
        {
            var dictionary = new Dictionary<string, object>(StringComparer.Ordinal);
            if (Disabled is { } disabled)
            {
                dictionary["disabled"] = disabled;
            }
            if (ServerName is not null)
            {
                dictionary["server_name"] = ServerName;
            }
            Add(dictionary, "server_ca_cert", ServerRootCACert);
            Add(dictionary, "client_cert", ClientCert);
            Add(dictionary, "client_key", ClientPrivateKey);
            return dictionary;
        }

        /// <returns>Never null: disabled TLS has to be said, because an API key alone turns TLS on.</returns>
        /// <exception cref="IOException">A file cannot be read.</exception>
        public TlsOptions? ToTlsOptions() => Disabled == true
            ? new() { Disabled = true }
            : new()
            {
                Domain = ServerName,
                ServerRootCACert = ServerRootCACert?.GetBytes(),
                ClientCert = ClientCert?.GetBytes(),
                ClientPrivateKey = ClientPrivateKey?.GetBytes(),
            };

        private static DataSource? Source(IReadOnlyDictionary<string, object> dictionary, string key) =>
            DataSource.FromDictionary((IReadOnlyDictionary<string, string>?)dictionary.GetValueOrDefault(key));

        private static void Add(Dictionary<string, object> dictionary, string key, DataSource? source)
        {
            if (source?.ToDictionary() is { } value)
            {
                dictionary[key] = value;
            }
        }
    }
}
