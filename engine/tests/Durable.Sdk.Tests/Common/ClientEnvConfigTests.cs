using Temporalio.Common.EnvConfig;

namespace Durable.Sdk.Tests.Common;

/// <summary>What the official package makes of the same files and variables, case by case.</summary>
public class ClientEnvConfigTests
{
    // One that says nothing: without any, the process's own variables would be read.
    private static readonly (string Name, string Value) Nothing = ("NOTHING", "x");

    [Fact]
    public void Profile_OfAFile_HasAllThatOptionsNeed()
    {
        var profile = Load(
            """"
            # What a file may look like.
            ignored = [1, 2.5, { a = 1979-05-27T07:32:00Z }, [
              "x", # here too
            ]]
            [[profiles]]
            list = "of tables"
            [ profile . "my cell" ]
            address = 'cell:7233'
            namespace = "pay\u006Dents\x2E\"1\""
            api_key = """
            a\
                b"""
            tls = { server_name = "cell", client_cert_data = '''pem''', client_key_data = "key" }
            profile_of_mine = inf
            grpc_meta.X_Cell = "7"
            """",
            "my cell");

        (profile.Address, profile.Namespace, profile.ApiKey).ShouldBe(("cell:7233", "payments.\"1\"", "ab"));
        var options = profile.ToClientConnectionOptions();
        (options.TargetHost, options.Namespace, options.ApiKey).ShouldBe((profile.Address, profile.Namespace, profile.ApiKey));
        (options.Tls!.Domain, options.Tls.Disabled).ShouldBe(("cell", false));
        options.Tls.ClientCert.ShouldBe("pem"u8.ToArray());
        options.Tls.ClientPrivateKey.ShouldBe("key"u8.ToArray());
        options.RpcMetadata.ShouldBe([new("x-cell", "7")]);
    }

    [Theory]
    [InlineData("TEMPORAL_ADDRESS=a:1", "a:1 - - - -")]
    [InlineData("TEMPORAL_ADDRESS= TEMPORAL_NAMESPACE= TEMPORAL_API_KEY=", "'' '' '' - on")]
    [InlineData("TEMPORAL_API_KEY=k", "- - k - on")]
    [InlineData("TEMPORAL_API_KEY=k TEMPORAL_TLS=false", "- - k {disabled=True} off")]
    [InlineData("TEMPORAL_TLS=1", "- - - {disabled=False} on")]
    [InlineData("TEMPORAL_TLS=TRUE", "- - - {disabled=False} on")]
    [InlineData("TEMPORAL_TLS=0", "- - - {disabled=True} off")]
    [InlineData("TEMPORAL_TLS=yes", "- - - {} on")]
    [InlineData("TEMPORAL_TLS=", "- - - {} on")]
    [InlineData("TEMPORAL_TLS_SERVER_NAME=n", "- - - {server_name=n} on")]
    [InlineData("TEMPORAL_TLS_DISABLE_HOST_VERIFICATION=true", "- - - {} on")]
    [InlineData("TEMPORAL_TLS_CLIENT_CERT_DATA= TEMPORAL_TLS_CLIENT_KEY_PATH=", "- - - {} on")]
    [InlineData("TEMPORAL_GRPC_META_A_B=x TEMPORAL_GRPC_META_C= temporal_grpc_meta_d=y", "- - - - - a-b=x")]
    public void Variables_WithoutAFile_MakeAProfile(string variables, string expected)
    {
        var profile = ClientEnvConfig.Profile.Load(new() { DisableFile = true, OverrideEnvVars = Variables(variables) });

        var tls = profile.Tls is null ? "-" : $"{{{string.Join(' ', profile.Tls.ToDictionary().Select(static pair => $"{pair.Key}={pair.Value}"))}}}";
        var on = profile.ToClientConnectionOptions().Tls is { } options ? options.Disabled ? "off" : "on" : "-";
        string Shown(string? value) => value is null ? "-" : value.Length == 0 ? "''" : value;
        string.Join(' ', [
            Shown(profile.Address), Shown(profile.Namespace), Shown(profile.ApiKey), tls, on, .. profile.GrpcMeta?.Select(static pair => $"{pair.Key}={pair.Value}") ?? [],
        ]).ShouldBe(expected);
    }

    [Theory]
    [InlineData("client_cert_path = 'x'", "CLIENT_CERT_DATA=y", "Cannot specify cert data via TEMPORAL_TLS_CLIENT_CERT_DATA when cert path is already specified")]
    [InlineData("client_key_data = 'x'", "CLIENT_KEY_PATH=y", "Cannot specify key path via TEMPORAL_TLS_CLIENT_KEY_PATH when key data is already specified")]
    [InlineData("server_ca_cert_path = 'x'", "SERVER_CA_CERT_DATA=y", "Cannot specify server CA cert data via TEMPORAL_TLS_SERVER_CA_CERT_DATA when server CA cert path is already specified")]
    [InlineData("", "CLIENT_KEY_PATH=y TEMPORAL_TLS_CLIENT_KEY_DATA=z", "Cannot specify both TEMPORAL_TLS_CLIENT_KEY_PATH and TEMPORAL_TLS_CLIENT_KEY_DATA")]
    [InlineData("client_key_data = 'x'\nclient_key_path = 'y'", "SERVER_NAME=z", "Cannot specify both client_key_path and client_key_data")]
    public void Certificate_GivenInTwoWays_IsRefused(string file, string variables, string message) =>
        Should.Throw<InvalidOperationException>(() => Load($"[profile.default.tls]\n{file}", null, $"TEMPORAL_TLS_{variables}"))
            .Message.ShouldBe($"Configuration loading error: Invalid configuration: {message}");

    [Fact]
    public void Variable_ThatGivesInTheSameWay_ReplacesTheFiles()
    {
        const string File = "[profile.default.tls]\nclient_cert_path = 'x'\n[profile.default.grpc_meta]\nA_b = 'x'";

        Load(File, null, "TEMPORAL_TLS_CLIENT_CERT_PATH=y").Tls!.ClientCert!.Path.ShouldBe("y");
        Load(File, null, "TEMPORAL_TLS_CLIENT_CERT_PATH=").Tls!.ClientCert.ShouldBeNull();
        Load(File, null, "TEMPORAL_GRPC_META_A_B=").GrpcMeta.ShouldBeNull();
    }

    [Theory]
    [InlineData("default", "")]
    [InlineData("nope", "")]
    [InlineData(null, "TEMPORAL_PROFILE=default")]
    [InlineData(null, "TEMPORAL_PROFILE=nope")]
    public void Profile_ThatIsAskedForByNameAndNotThere_IsRefused(string? profile, string variables) =>
        Should.Throw<InvalidOperationException>(() => Load("[profile.other]\naddress = 'x'", profile, variables))
            .Message.ShouldBe($"Configuration loading error: Profile '{profile ?? variables["TEMPORAL_PROFILE=".Length..]}' not found");

    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData(null, "TEMPORAL_PROFILE=")]
    public void Profile_ThatNobodyAskedFor_NeedNotBeThere(string? profile, string variables) =>
        Load("[profile.other]\naddress = 'x'", profile, variables).ShouldBe(new());

    [Fact]
    public void File_ThatIsNotThere_HasNoProfiles()
    {
        var missing = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.toml");

        ClientEnvConfig.Load(new() { ConfigSource = DataSource.FromPath(missing) }).Profiles.ShouldBeEmpty();
        ClientEnvConfig.Load(new() { OverrideEnvVars = Variables($"TEMPORAL_CONFIG_FILE={missing}") }).Profiles.ShouldBeEmpty();
        Should.Throw<InvalidOperationException>(() => ClientEnvConfig.Load(new() { ConfigSource = DataSource.FromPath(Path.GetTempPath()) }))
            .Message.ShouldStartWith("Configuration loading error: ");
    }

    [Fact]
    public void File_IsFoundByItsVariable_AlsoWhenVariablesSayNothingElse()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "\uFEFF[profile.default]\r\naddress = 'file:1'\r\n");
            ClientEnvConfig.Profile.Load(new() { DisableEnv = true, OverrideEnvVars = Variables($"TEMPORAL_CONFIG_FILE={file} TEMPORAL_ADDRESS=x:1 TEMPORAL_PROFILE=nope") })
                .Address.ShouldBe("file:1");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Load_WithoutFileAndVariables_IsRefused() =>
        Should.Throw<InvalidOperationException>(() => ClientEnvConfig.Profile.Load(new() { DisableFile = true, DisableEnv = true }))
            .Message.ShouldBe("Configuration loading error: Invalid configuration: Cannot disable both file and environment loading");

    [Theory]
    [InlineData("no toml", "TOML parse error at line 1, column 4: expected '='")]
    [InlineData("[profile.default]\naddress = 'a", "TOML parse error at line 2, column 13: a string does not end")]
    [InlineData("[profile.default]\naddress = 'a\nb'", "TOML parse error at line 2, column 13: a string has a control character, or does not end on its line")]
    [InlineData("[profile.default]\naddress = 'a'\naddress = 'b'", "TOML parse error at line 3, column 14: duplicate key address")]
    [InlineData("[profile.default]\n[profile.default]", "TOML parse error at line 2, column 18: duplicate key profile.default")]
    [InlineData("[profile.a]\ntls.disabled = true\n[profile.a.tls]", "TOML parse error at line 3, column 16: duplicate key profile.a.tls")]
    [InlineData("[profile]\na = { tls = {} }\n[profile.a]", "TOML parse error at line 3, column 12: a cannot be extended")]
    [InlineData("[profile.default.tls]\ndisabled = True", "TOML parse error at line 2, column 16: cannot read value 'True'")]
    [InlineData("[profile.default.tls]\ndisabled = 'true'", "invalid type: `profile.default.tls.disabled` in TOML, expected a boolean")]
    [InlineData("[profile.default]\naddress = 1", "invalid type: `profile.default.address` in TOML, expected a string")]
    [InlineData("[profile]\ndefault = 1", "invalid type: `profile.default` in TOML, expected a table")]
    public void File_ThatCannotBeUnderstood_SaysWhere(string toml, string message) =>
        Should.Throw<InvalidOperationException>(() => Load(toml)).Message.ShouldBe($"Configuration loading error: {message}");

    [Theory]
    [InlineData("other = 1", "other", "`profile`")]
    [InlineData("[profile.default]\nother = 1", "profile.default.other", "`address`, `namespace`, `api_key`, `tls`, `codec`, `grpc_meta`")]
    [InlineData("[profile.default.codec]\nother = 1", "profile.default.codec.other", "`endpoint`, `auth`")]
    public void UnknownKey_IsRefusedWhenStrict_AndOnlyThen(string toml, string key, string known)
    {
        var source = DataSource.FromUTF8String(toml);

        ClientEnvConfig.Load(new() { ConfigSource = source });
        Should.Throw<InvalidOperationException>(() => ClientEnvConfig.Load(new() { ConfigSource = source, ConfigFileStrict = true }))
            .Message.ShouldBe($"Configuration loading error: unknown field `{key}` in TOML, expected one of {known}");
    }

    [Fact]
    public void Dictionaries_AndBack_AreTheSame()
    {
        var config = new ClientEnvConfig(new Dictionary<string, ClientEnvConfig.Profile>
        {
            ["a"] = new("x:1", "n", "k", new(false, "s", DataSource.FromPath("p"), DataSource.FromUTF8String("c")), new Dictionary<string, string> { ["m"] = "1" }),
            ["b"] = new(),
        });

        var again = ClientEnvConfig.FromDictionary(config.ToDictionary()).Profiles;

        again["b"].ShouldBe(new());
        (again["a"].Address, again["a"].Namespace, again["a"].ApiKey, again["a"].GrpcMeta!["m"]).ShouldBe(("x:1", "n", "k", "1"));
        var tls = again["a"].Tls!;
        (tls.Disabled, tls.ServerName, tls.ServerRootCACert!.Path, tls.ClientPrivateKey).ShouldBe((false, "s", "p", null));
        tls.ClientCert!.Data.ShouldBe("c"u8.ToArray());
    }

    [Fact]
    public void DataSource_OfNothing_IsRefused()
    {
        Should.Throw<ArgumentException>(() => DataSource.FromPath(string.Empty)).Message.ShouldStartWith("Path cannot be null or empty");
        Should.Throw<ArgumentException>(() => DataSource.FromBytes([])).Message.ShouldStartWith("Data cannot be null or empty");
        DataSource.FromDictionary(new Dictionary<string, string>()).ShouldBeNull();
        DataSource.FromDictionary(new Dictionary<string, string> { ["path"] = "a", ["data"] = "b" })!.Path.ShouldBeNull();
    }

    private static ClientEnvConfig.Profile Load(string toml, string? profile = null, string variables = "") => ClientEnvConfig.Profile.Load(new()
    {
        Profile = profile,
        ConfigSource = DataSource.FromUTF8String(toml),
        OverrideEnvVars = Variables(variables),
    });

    private static Dictionary<string, string> Variables(string list) => list
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(static pair => pair.Split('=', 2))
        .Select(static pair => (Name: pair[0], Value: pair[1]))
        .Append(Nothing)
        .ToDictionary(static pair => pair.Name, static pair => pair.Value);
}
