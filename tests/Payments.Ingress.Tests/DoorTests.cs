using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Payments.Ingress.Tests;

/// <summary>What the door decides alone: no engine is there at all.</summary>
public class DoorTests(DoorTests.OpenDoor shared) : IClassFixture<DoorTests.OpenDoor>
{
    private const string Valid = """{"amount":10000,"currency":"USD"}""";

    [Theory]
    [InlineData("POST", "/PaymentService/p/Create", "k", """{"amount":""", 400, "validation-failed")]
    [InlineData("POST", "/PaymentService/p/Create", "k", "[]", 400, "validation-failed")]
    [InlineData("POST", "/PaymentService/p/Create", "k", """{"amount":1,"amount":2,"currency":"USD"}""", 400, "validation-failed")]
    [InlineData("POST", "/PaymentService/p/Create", "k", """{"amount":1,"currency":"USD","description":"\ud800"}""", 400, "validation-failed")]
    [InlineData("POST", "/PaymentService/p/Create", "k", """{"amount":1,"currency":"USD","\udc00":1}""", 400, "validation-failed")]
    [InlineData("POST", "/PaymentService/p/Create", "k", """{"currency":"USD"}""", 400, "validation-failed")]
    [InlineData("POST", "/PaymentService/p/Create", "k", """{"amount":-1,"currency":"USD"}""", 400, "validation-failed")]
    [InlineData("POST", "/PaymentService/p/Create", "k", """{"amount":1,"currency":"XYZ"}""", 400, "validation-failed")]
    [InlineData("POST", "/PaymentService/p/Create", "k", """{"amount":1,"currency":"USD","description":"4242 4242 4242 4242"}""", 400, "validation-failed")]
    [InlineData("POST", "/PaymentService/4242424242424242/Create", "k", Valid, 400, "validation-failed")]
    [InlineData("POST", "/PaymentService/p/Create", "k", null, 400, "validation-failed")]
    [InlineData("POST", "/PaymentService/p/Create", "two words", Valid, 400, "idempotency-key-invalid")]
    [InlineData("POST", "/PaymentService/p/Create", "\"open", """{"amount":-1}""", 400, "idempotency-key-invalid")]
    [InlineData("POST", "/PaymentService/p/Refund", null, "{}", 400, "idempotency-key-missing")]
    [InlineData("POST", "/PaymentService/p/Refund", "k", """{"amount":0}""", 400, "validation-failed")]
    [InlineData("POST", "/PaymentService/p/Create/send?delay=soon", "k", Valid, 400, "validation-failed")]
    [InlineData("POST", "/PaymentService/p/Create/send?delay=1000d", "k", Valid, 400, "validation-failed")]
    [InlineData("POST", "/PaymentService/p/Create/send?delay=1h&delay=2h", "k", Valid, 400, "validation-failed")]
    [InlineData("POST", "/NoService/p/Create", "k", Valid, 404, "not-found")]
    [InlineData("POST", "/PaymentService/p/NoHandler", "k", Valid, 404, "not-found")]
    [InlineData("GET", "/PaymentService/p/Create", null, null, 405, "method-not-allowed")]
    [InlineData("GET", "/nothing", null, null, 404, "not-found")]
    [InlineData("GET", "/restate/output/inv_nonsense", null, null, 404, "not-found")]
    [InlineData("POST", "/restate/lookup", null, """{"target":"workflow"}""", 400, "validation-failed")]
    [InlineData("POST", "/restate/lookup", null, """{"target":"idempotentInvocation","service":"PaymentService","key":"p"}""", 400, "validation-failed")]
    [InlineData("GET", "/payments?limit=0", null, null, 400, "validation-failed")]
    [InlineData("GET", "/payments?limit=1&limit=2", null, null, 400, "validation-failed")]
    [InlineData("GET", "/payments?status=rich", null, null, 400, "validation-failed")]
    [InlineData("GET", "/payments?pageToken=!", null, null, 400, "validation-failed")]
    [InlineData("GET", "/idempotency-keys/k?operation=nonsense", null, null, 400, "validation-failed")]
    [InlineData("POST", "/api/v1/payments", "k", """{"amount":1.005,"currency":"USD"}""", 400, "validation-failed")]
    [InlineData("GET", "/problems/nothing", null, null, 404, "not-found")]
    public async Task Request_WrongInItself_RefusedAtTheDoor(string method, string path, string? key, string? body, int status, string code)
    {
        var answer = await shared.Door.SendAsync(PaymentService.Message(new HttpMethod(method), path, key, body));

        (answer.Status, answer.Code).ShouldBe((status, code));
        answer.Header("Content-Type").ShouldBe("application/problem+json");
        answer.Header("X-Error-Source").ShouldBe("ingress");
        answer.Header("Should-Retry").ShouldBe("false");
        answer.Json.GetProperty("type").GetString().ShouldStartWith("/problems/");
    }

    [Fact]
    public async Task Request_TwoKeysWrongTypeOrTooLarge_RefusedAtTheDoor()
    {
        await using var door = await Door.OpenAsync("--Limits:BodyBytes", "1000");
        var twoKeys = PaymentService.Message(HttpMethod.Post, "/PaymentService/p/Create", "a", Valid);
        twoKeys.Headers.TryAddWithoutValidation("Idempotency-Key", "b");
        var form = PaymentService.Message(HttpMethod.Post, "/PaymentService/p/Create", "a", Valid);
        form.Content!.Headers.ContentType = new("application/x-www-form-urlencoded");

        (await door.SendAsync(twoKeys)).Code.ShouldBe("idempotency-key-invalid");
        (await door.SendAsync(form)).Status.ShouldBe(415);
        var packed = PaymentService.Message(HttpMethod.Post, "/PaymentService/p/Create", "a", Valid);
        packed.Content!.Headers.ContentEncoding.Add("gzip");
        (await door.SendAsync(packed)).Status.ShouldBe(415);
        var notText = PaymentService.Message(HttpMethod.Post, "/PaymentService/p/Create", "a");
        notText.Content = new ByteArrayContent([.. "{\"amount\":1,\"currency\":\"USD\",\"description\":\""u8, 0xFF, .. "\"}"u8]) { Headers = { ContentType = new("application/json") } };
        (await door.SendAsync(notText)).Code.ShouldBe("validation-failed");
        (await door.SendAsync(PaymentService.Message(HttpMethod.Post, "/PaymentService/p/Create", "a", "{\"description\":\"" + new string('x', 2000) + "\"}"))).Status.ShouldBe(413);
    }

    [Theory]
    [InlineData("{}", "currency")]
    [InlineData("""{"currency":"USD"}""", "amount")]
    [InlineData("""{"amount":1,"currency":"USD","customer_id":7,"payment_method":"card"}""", "customer_id,payment_method")]
    public async Task Request_OfV1WrongInItself_ErrorsByTheNamesThatTheCallerWrote(string body, string members)
    {
        var answer = await shared.Door.SendAsync(PaymentService.Message(HttpMethod.Post, "/api/v1/payments", "k", body));

        answer.Status.ShouldBe(400);
        answer.Json.GetProperty("errors").EnumerateObject().Select(error => error.Name).ShouldBe(members.Split(','));
        answer.Json.GetProperty("detail").GetString().ShouldStartWith(members.Split(',')[0] + ": ");
    }

    // A body of unknown length may turn out to be none.
    [Theory]
    [InlineData("/PaymentService/p/Create", "", 400)]
    [InlineData("/PaymentService/p/Refund", "", 503)]
    [InlineData("/PaymentService/p/Create", Valid, 503)]
    public async Task Request_ChunkedBody_AsOneOfKnownLength(string path, string body, int status)
    {
        var message = PaymentService.Message(HttpMethod.Post, path, "k", body);
        message.Headers.TransferEncodingChunked = true;

        (await shared.Door.SendAsync(message)).Status.ShouldBe(status);
    }

    [Theory]
    [InlineData("/health", 200)]
    [InlineData("/openapi.json", 200)]
    [InlineData("/health/ready", 503)]
    [InlineData("/payments?limit=0", 400)]
    [InlineData("/nothing", 404)]
    [InlineData("/PaymentService/p/Create", 405)]
    public async Task Head_OfAnything_HeadersOfGetWithoutItsBody(string path, int status)
    {
        var head = await shared.Door.SendAsync(PaymentService.Message(HttpMethod.Head, path));
        var get = await shared.Door.SendAsync(PaymentService.Message(HttpMethod.Get, path));

        (head.Status, head.Text, head.Header("Content-Type")).ShouldBe((status, "", get.Header("Content-Type")));
        head.Header("Content-Length").ShouldBe(get.Text.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Request_EngineUnreachable_503SameKeyAndNotReady()
    {
        var door = shared.Door;

        var answer = await door.SendAsync(PaymentService.Message(HttpMethod.Post, "/PaymentService/p/Create", "k", Valid));

        (answer.Status, answer.Code).ShouldBe((503, "engine-unavailable"));
        answer.Header("Should-Retry").ShouldBe("true");
        answer.Header("Retry-After").ShouldNotBeNull();
        answer.Json.GetProperty("sameKey").GetBoolean().ShouldBeTrue();
        (await door.SendAsync(PaymentService.Message(HttpMethod.Get, "/health/ready"))).Status.ShouldBe(503);
        (await door.SendAsync(PaymentService.Message(HttpMethod.Get, "/health"))).Status.ShouldBe(200);
    }

    // An engine that is frozen, or behind a network that swallows everything: what it is asked waits for as long as the door lets it.
    [Theory]
    [InlineData("/Silent/o/Create", "wait=0")]
    [InlineData("/Silent/o/Create", "respond-async")]
    [InlineData("/Silent/o/Create/send", "")]
    public async Task Request_EngineSilent_503InsteadOfWaitingForEver(string path, string prefer)
    {
        await using var door = await Door.OpenAsync((registry, _) => registry.Add(new SilentHandler()), "--Limits:SubmitTimeout", "00:00:00.1");

        var answer = await door.SendAsync(PaymentService.Message(HttpMethod.Post, path, "k", "{}", ("Prefer", prefer)));

        (answer.Status, answer.Code, answer.Header("Should-Retry")).ShouldBe((503, "engine-unavailable", "true"));
    }

    [Fact]
    public async Task ProblemPages_EveryType_Readable()
    {
        foreach (var type in ProblemType.All)
        {
            (await shared.Door.SendAsync(PaymentService.Message(HttpMethod.Get, "/problems/" + type.Name))).Text.ShouldContain("<h1>");
        }
    }

    // The document is written by hand; this walks it against what is mapped, both ways.
    [Fact]
    public async Task OpenApi_Paths_ExactlyWhatIsServed()
    {
        var door = shared.Door;
        var document = (await door.SendAsync(PaymentService.Message(HttpMethod.Get, "/openapi.json"))).Json;

        var described = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => operation.Name.ToUpperInvariant() + " " + path.Name)).Order(StringComparer.Ordinal);
        var served = door.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => method + " " + endpoint.RoutePattern.RawText)).Order(StringComparer.Ordinal);

        document.GetProperty("openapi").GetString().ShouldBe("3.1.0");
        described.ShouldBe(served);
        References(document).Distinct().ShouldAllBe(reference => Exists(document, reference));
    }

    [Theory]
    [InlineData("Auth:ApiKeys is empty", "Production")]
    [InlineData("Protection:UpdateIds is switched off", "Production", "--Protection:UpdateIds", "false", "--Auth:ApiKeys:0:Merchant", "m", "--Auth:ApiKeys:0:Sha256", "0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("Auth:ApiKeys", "Lab", "--Auth:ApiKeys:0:Merchant", "m", "--Auth:ApiKeys:0:Sha256", "short")]
    [InlineData("Encryption:Keys", "Lab", "--Encryption:ActiveKey", "a", "--Encryption:Keys:a", "c2hvcnQ=")]
    public void Build_UnsafeSettings_RefusesToStart(string says, string environment, params string[] settings) =>
        Should.Throw<InvalidOperationException>(() =>
        {
            using var host = (IDisposable)IngressApp.Build(["--environment", environment, .. settings]);
            ((WebApplication)host).Services.GetRequiredService<EngineLink>();
        }).Message.ShouldContain(says);

    [Fact]
    public async Task Delete_OutsideTheLab_NoSuchThing()
    {
        await using var door = await Door.OpenAsync("--environment", "Production", "--Auth:ApiKeys:0:Merchant", "m", "--Auth:ApiKeys:0:Sha256",
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("key"u8)));

        (await door.SendAsync(PaymentService.Message(HttpMethod.Delete, "/payments", null, null, ("X-Api-Key", "key")))).Status.ShouldBe(404);
        (await door.SendAsync(PaymentService.Message(HttpMethod.Post, "/payments", null, Valid, ("X-Api-Key", "key")))).Code.ShouldBe("idempotency-key-missing");
    }

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(m => m.Name == "$ref" ? [m.Value.GetString()!] : References(m.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };

    private static bool Exists(JsonElement document, string reference)
    {
        foreach (var part in reference.TrimStart('#', '/').Split('/'))
        {
            if (!document.TryGetProperty(part, out document))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>A door with default settings, for all rows that change nothing of it.</summary>
    public sealed class OpenDoor : IAsyncLifetime
    {
        public Door Door { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Door = await Door.OpenAsync();

        public ValueTask DisposeAsync() => Door.DisposeAsync();
    }

    public sealed class Door(WebApplication app, HttpClient http) : IAsyncDisposable
    {
        public WebApplication App { get; } = app;

        public static Task<Door> OpenAsync(params string[] settings) => OpenAsync(null, settings);

        public static async Task<Door> OpenAsync(Action<ServiceRegistry, IServiceProvider>? register, params string[] settings)
        {
            // Nothing listens on the discard port.
            var app = IngressApp.Build(["--environment", "Lab", "--urls", "http://127.0.0.1:0", "--TEMPORAL_ADDRESS", "127.0.0.1:9", .. settings], register: register);
            await app.StartAsync();
            return new Door(app, new HttpClient { BaseAddress = new Uri(app.Urls.Single()) });
        }

        public async Task<Answer> SendAsync(HttpRequestMessage message)
        {
            using var response = await http.SendAsync(message);
            return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(),
                response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase));
        }

        public async ValueTask DisposeAsync()
        {
            http.Dispose();
            await App.StopAsync();
            await App.DisposeAsync();
        }
    }

    private sealed class SilentHandler() : IngressHandler("Silent", "Create")
    {
        public override object Prepare(JsonElement body) => body;

        public override string WorkflowIdOf(string merchant, string objectId, string keyHash) => $"silent/{merchant}/{objectId}";

        public override bool Owns(string workflowId) => false;

        public override Task<Reply> RunAsync(Invocation invocation, CancellationToken cancellationToken) => Never<Reply>(cancellationToken);

        public override Task SubmitAsync(Invocation invocation, TimeSpan delay, CancellationToken cancellationToken) => Never<Reply>(cancellationToken);

        public override Task<Known> LookAsync(InvocationId id, CancellationToken cancellationToken) => Never<Known>(cancellationToken);

        public override Task<Reply> AttachAsync(InvocationId id, CancellationToken cancellationToken) => Never<Reply>(cancellationToken);

        public override Task CancelAsync(InvocationId id, CancellationToken cancellationToken) => Never<Reply>(cancellationToken);

        private static Task<T> Never<T>(CancellationToken cancellationToken) => new TaskCompletionSource<T>().Task.WaitAsync(cancellationToken);
    }
}
