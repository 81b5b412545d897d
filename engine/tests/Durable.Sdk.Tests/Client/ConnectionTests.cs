using System.Net;
using System.Net.Sockets;
using Temporalio.Client;

namespace Durable.Sdk.Tests.Client;

/// <summary>How a connection is made, and what every call says: against the embedded server on a port, with TLS and through a proxy.</summary>
public class ConnectionTests
{
    private static readonly TestCertificates Certificates = new();

    /// <summary>What is given, and whether it leads to a server that asks for a certificate.</summary>
    public static TheoryData<string, bool> TlsRows => new()
    {
        { "root domain client", true },
        { "root client", true },
        { "root domain", false },
        { "domain client", false },
        { "root wrong-domain client", false },
        { "nothing", false },
    };

    [Theory]
    [MemberData(nameof(TlsRows))]
    public async Task Tls_WithWhatIsGiven_ConnectsOrSaysThatItFailed(string given, bool connects)
    {
        await using var server = await GrpcServer.StartAsync(Certificates, asksForCertificate: true);
        var words = given.Split(' ');
        var options = Options(server.Target);
        options.Tls = words.Contains("nothing") ? null : new()
        {
            ServerRootCACert = words.Contains("root") ? Certificates.Root : null,
            Domain = words.Contains("domain") ? TestCertificates.Domain : words.Contains("wrong-domain") ? "other.test" : null,
            ClientCert = words.Contains("client") ? Certificates.ClientChain : null,
            ClientPrivateKey = words.Contains("client") ? Certificates.ClientKey : null,
        };

        if (connects)
        {
            var client = await TemporalClient.ConnectAsync(options);
            (await client.Connection.CheckHealthAsync()).ShouldBeTrue();
        }
        else
        {
            (await Should.ThrowAsync<InvalidOperationException>(() => TemporalClient.ConnectAsync(options))).Message.ShouldStartWith("Connection failed: ");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Tls_CertificateAndKey_OnlyTogether(bool certificate)
    {
        var options = Options("localhost:7233");
        options.Tls = certificate ? new() { ClientCert = Certificates.ClientChain } : new() { ClientPrivateKey = Certificates.ClientKey };

        (await Should.ThrowAsync<ArgumentException>(() => TemporalClient.ConnectAsync(options))).Message.ShouldStartWith("Client cert and private key must both be present");
    }

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, true)]
    [InlineData(true, true, false)]
    public async Task ApiKey_AsksForTls_UnlessItIsSwitchedOff(bool key, bool disabled, bool secure)
    {
        await using var server = await GrpcServer.StartAsync();
        var options = Options(server.Target);
        options.ApiKey = key ? "secret" : null;
        options.Tls = disabled ? new() { Disabled = true } : null;

        // The server speaks plain text: only a client that does too gets an answer.
        if (secure)
        {
            await Should.ThrowAsync<InvalidOperationException>(() => TemporalClient.ConnectAsync(options));
        }
        else
        {
            await TemporalClient.ConnectAsync(options);
            server.Calls.Last().GetValueOrDefault("authorization").ShouldBe(key ? "Bearer secret" : null);
        }
    }

    [Fact]
    public async Task Metadata_OfConnectionAndCall_GoesWithEachCall_AndMayChange()
    {
        await using var server = await GrpcServer.StartAsync();
        var options = Options(server.Target);
        options.ApiKey = "first";
        options.Tls = new() { Disabled = true };
        options.RpcMetadata = [new("team", "payments")];
        options.RpcBinaryMetadata = [new("trace-bin", [1, 2, 3])];
        var client = await TemporalClient.ConnectAsync(options);
        async Task<Dictionary<string, string>> CallAsync(RpcOptions? rpc = null)
        {
            await client.WorkflowService.GetSystemInfoAsync(new(), rpc);
            return server.Calls.Last();
        }

        var call = await CallAsync();
        (call["authorization"], call["team"], call["trace-bin"].TrimEnd('='), call["client-name"]).ShouldBe(("Bearer first", "payments", "AQID", "temporal-dotnet"));
        call.ShouldContainKey("client-version");
        (await CallAsync(new() { Metadata = [new("team", "refunds"), new("extra", "1")] })).ShouldContain(new KeyValuePair<string, string>("team", "refunds"));

        client.Connection.ApiKey = "second";
        client.Connection.RpcMetadata = [new("team", "ledger")];
        client.Connection.RpcBinaryMetadata = [];
        call = await CallAsync();
        (call["authorization"], call["team"], call.ContainsKey("trace-bin"), call.ContainsKey("extra")).ShouldBe(("Bearer second", "ledger", false, false));
        client.Connection.RpcMetadata = [new("authorization", "own")];
        (await CallAsync())["authorization"].ShouldBe("own");
        client.Connection.RpcMetadata = [];
        client.Connection.ApiKey = null;
        (await CallAsync()).ShouldNotContainKey("authorization");
    }

    [Fact]
    public async Task Lazy_ConnectsWithTheFirstCall_AndNotBefore()
    {
        await using var server = await GrpcServer.StartAsync();
        var client = TemporalClient.CreateLazy(Options(server.Target));

        client.Connection.IsConnected.ShouldBeFalse();
        Should.Throw<InvalidOperationException>(() => client.Connection.ApiKey = "key").Message.ShouldBe("Cannot set API key if client never connected");
        Should.Throw<InvalidOperationException>(() => client.Connection.RpcMetadata = []).Message.ShouldBe("Cannot set RPC metadata if client never connected");
        Should.Throw<InvalidOperationException>(() => new Temporalio.Worker.TemporalWorker(client, new Temporalio.Worker.TemporalWorkerOptions("q").AddWorkflow<Samples.GreetingWorkflow>()))
            .Message.ShouldBe("Cannot use unconnected lazy client for worker");
        server.Calls.ShouldBeEmpty();
        (await client.CountWorkflowsAsync("")).Count.ShouldBe(0);

        client.Connection.IsConnected.ShouldBeTrue();
        client.Connection.ApiKey = "key";
    }

    [Fact]
    public async Task Lazy_ServerThatIsNotThere_IsTriedAgainByTheNextCall()
    {
        // Bound and deaf: the port of a server that has gone could be another's by the time of the call.
        using var deaf = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        deaf.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var client = TemporalClient.CreateLazy(Options(deaf.LocalEndPoint!.ToString()!));

        for (var i = 0; i < 2; i++)
        {
            (await Should.ThrowAsync<InvalidOperationException>(() => client.CountWorkflowsAsync(""))).Message.ShouldStartWith("Connection failed: ");
            client.Connection.IsConnected.ShouldBeFalse();
        }
    }

    [Fact]
    public async Task Lazy_ServerThatIsSilent_HoldsACallNoLongerThanItsToken()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var client = TemporalClient.CreateLazy(Options(silent.LocalEndpoint.ToString()!));
        using var source = new CancellationTokenSource();
        var calls = Enumerable.Range(0, 3)
            .Select(_ => client.CountWorkflowsAsync("", new() { Rpc = new() { CancellationToken = source.Token } })).ToArray();
        using var arrived = await silent.AcceptTcpClientAsync();

        await source.CancelAsync();

        foreach (var call in calls)
        {
            // Far less than the time that connecting has.
            await Should.ThrowAsync<OperationCanceledException>(() => call.WaitAsync(TimeSpan.FromSeconds(20)));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Proxy_IsTunnelledThrough(bool secure)
    {
        await using var server = await GrpcServer.StartAsync(secure ? Certificates : null);
        await using var proxy = new ConnectProxy("user", "word");
        var options = Options(server.Target);
        options.Tls = secure ? new() { ServerRootCACert = Certificates.Root } : null;
        options.HttpConnectProxy = new(proxy.Target) { BasicAuth = ("user", "word") };
        await TemporalClient.ConnectAsync(options);
        proxy.Tunnels.ShouldBe(1);

        options.HttpConnectProxy.BasicAuth = ("user", "wrong");
        (await Should.ThrowAsync<InvalidOperationException>(() => TemporalClient.ConnectAsync(options))).Message.ShouldContain("407");
    }

    [Theory]
    [InlineData(null, "Missing TargetHost")]
    [InlineData("localhost", "TargetHost must be in host:port form")]
    public async Task Target_ThatIsNone_IsRefused(string? target, string message) =>
        (await Should.ThrowAsync<ArgumentException>(() => TemporalClient.ConnectAsync(new() { TargetHost = target }))).Message.ShouldStartWith(message);

    // A connection that cannot be made is told at once.
    private static TemporalClientConnectOptions Options(string target) => new(target) { RpcRetry = new() { MaxRetries = 1 } };
}
