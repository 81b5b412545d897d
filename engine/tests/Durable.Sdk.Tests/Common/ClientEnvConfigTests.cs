using Temporalio.Common.EnvConfig;

namespace Durable.Sdk.Tests.Common;

/// <summary>Where the file and variables meet.</summary>
public class ClientEnvConfigTests
{
    private static ClientEnvConfig.Profile Load(string tls, params (string Name, string Value)[] variables) => ClientEnvConfig.Profile.Load(new()
    {
        ConfigSource = DataSource.FromUTF8String($"[profile.default]\naddress = \"here:7233\"\n[profile.default.tls]\n{tls}\n"),
        OverrideEnvVars = variables.ToDictionary(static variable => variable.Name, static variable => variable.Value),
    });

    [Theory]
    [InlineData("client_cert_path", "TEMPORAL_TLS_CLIENT_CERT_DATA", "Cannot specify TEMPORAL_TLS_CLIENT_CERT_DATA when the configuration file gives a path")]
    [InlineData("client_key_data", "TEMPORAL_TLS_CLIENT_KEY_PATH", "Cannot specify TEMPORAL_TLS_CLIENT_KEY_PATH when the configuration file gives data")]
    [InlineData("server_ca_cert_path", "TEMPORAL_TLS_SERVER_CA_CERT_DATA", "Cannot specify TEMPORAL_TLS_SERVER_CA_CERT_DATA when the configuration file gives a path")]
    public void Variable_ThatGivesInAnotherWayWhatTheFileGives_IsRefused(string field, string variable, string message) =>
        Should.Throw<InvalidOperationException>(() => Load($"{field} = \"x\"", (variable, "y"))).Message.ShouldBe(message);

    [Fact]
    public void Variable_ThatGivesInTheSameWay_ReplacesTheFiles() =>
        Load("client_cert_path = \"x\"", ("TEMPORAL_TLS_CLIENT_CERT_PATH", "y")).Tls!.ClientCert!.Path.ShouldBe("y");

    [Fact]
    public void File_ThatIsNoToml_SaysSo() =>
        Should.Throw<InvalidOperationException>(() => ClientEnvConfig.Load(new() { ConfigSource = DataSource.FromUTF8String("no toml") }))
            .Message.ShouldStartWith("Client configuration is not valid TOML: line 1");
}
