using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Payments.FaultProxy;

namespace Payments.Gateway.Mock.Tests.FaultProxy;

/// <summary>The proxy before a gateway: what the ledger has after a call that failed tells before from after.</summary>
public sealed class FaultProxyTests : IAsyncLifetime
{
    private readonly WebApplication app = FaultProxyApp.Build("http://127.0.0.1:0", seed: 1);
    private TestGateway gateway = null!;
    private HttpClient api = null!;

    public async ValueTask InitializeAsync()
    {
        await app.StartAsync();
        api = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        gateway = await TestGateway.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await gateway.DisposeAsync();
        api.Dispose();
        await app.DisposeAsync();
    }

    [Fact]
    public async Task Proxy_WithoutToxics_PassesEverything()
    {
        using var http = await ProxiedAsync();

        (await ChargeAsync(http, "k")).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await api.GetFromJsonAsync<JsonNode>("/version")).Text("version").ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("upstream", 0)]
    [InlineData("downstream", 1)]
    public async Task ResetPeer_LosesTheRequestOrTheAnswer(string stream, int charges)
    {
        using var http = await ProxiedAsync();
        (await AddAsync(new { type = "reset_peer", stream, attributes = new { timeout = 0 } })).EnsureSuccessStatusCode();

        var failure = await Should.ThrowAsync<HttpRequestException>(ChargeAsync(http, "k"));

        var cause = failure.GetBaseException();
        (cause is SocketException { SocketErrorCode: SocketError.ConnectionReset }).ShouldBeTrue(cause.ToString());
        (await gateway.ListAsync("/charges")).Count.ShouldBe(charges);
    }

    [Fact]
    public async Task Timeout_ClosesTheConnectionAfterIt()
    {
        using var http = await ProxiedAsync();
        (await AddAsync(new { type = "timeout", stream = "downstream", attributes = new { timeout = 10 } })).EnsureSuccessStatusCode();

        await Should.ThrowAsync<HttpRequestException>(ChargeAsync(http, "k"));

        (await gateway.ListAsync("/charges")).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("latency", "latency", 1)]
    [InlineData("bandwidth", "rate", 100)]
    [InlineData("slicer", "average_size", 7)]
    [InlineData("slow_close", "delay", 1)]
    [InlineData("limit_data", "bytes", 100_000)]
    public async Task Toxic_ThatOnlySlows_LosesNothing(string type, string attribute, int value)
    {
        using var http = await ProxiedAsync();
        (await AddAsync(new { type, attributes = new Dictionary<string, int> { [attribute] = value } })).EnsureSuccessStatusCode();

        (await ChargeAsync(http, "k")).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Toxicity_HalfOfTheConnections_SomePassAndSomeDoNot()
    {
        using var http = await ProxiedAsync();
        (await AddAsync(new { type = "reset_peer", stream = "upstream", toxicity = 0.5 })).EnsureSuccessStatusCode();

        var passed = 0;
        for (var i = 0; i < 40; i++)
        {
            try
            {
                passed += (await ChargeAsync(http, $"k{i}")).IsSuccessStatusCode ? 1 : 0;
            }
            catch (HttpRequestException)
            {
                // Reset, as asked.
            }
        }

        passed.ShouldBeInRange(5, 35);
        (await gateway.ListAsync("/charges")).Count.ShouldBe(passed);
    }

    [Fact]
    public async Task Reset_TakesEveryToxicAwayAndEnablesTheProxy()
    {
        using var http = await ProxiedAsync();
        await AddAsync(new { type = "reset_peer" });
        await api.PostAsJsonAsync("/proxies/gateway", new { enabled = false });
        await Should.ThrowAsync<HttpRequestException>(ChargeAsync(http, "k"));

        (await api.PostAsync("/reset", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await ChargeAsync(http, "k")).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await api.GetFromJsonAsync<JsonNode>("/proxies"))!["gateway"]!["toxics"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Toxic_ChangedAndDeleted_IsShownSo()
    {
        using var http = await ProxiedAsync();
        (await (await AddAsync(new { type = "latency", attributes = new { latency = 5 } })).JsonAsync()).Text("name").ShouldBe("latency_downstream");

        using var changed = await api.PostAsJsonAsync("/proxies/gateway/toxics/latency_downstream", new { toxicity = 0.25, attributes = new { jitter = 2 } });
        var toxic = await changed.JsonAsync();
        toxic["toxicity"]!.GetValue<double>().ShouldBe(0.25);
        toxic["attributes"]!.ToJsonString().ShouldBe("""{"latency":5,"jitter":2}""");

        (await api.DeleteAsync("/proxies/gateway/toxics/latency_downstream")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await api.GetFromJsonAsync<JsonArray>("/proxies/gateway/toxics"))!.ShouldBeEmpty();
        (await api.DeleteAsync("/proxies/gateway")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await api.GetAsync("/proxies/gateway")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("/proxies", """{"listen":"127.0.0.1:0"}""", 400, "missing required field: name")]
    [InlineData("/proxies", """{"name":"x"}""", 400, "missing required field: upstream")]
    [InlineData("/proxies", """{"name":"gateway","upstream":"127.0.0.1:1"}""", 409, "proxy already exists")]
    [InlineData("/proxies", """{"name":"x","listen":"nonsense","upstream":"127.0.0.1:1"}""", 400, "bad request body")]
    [InlineData("/proxies", """{"name":5,"upstream":"127.0.0.1:1"}""", 400, "bad request body")]
    [InlineData("/proxies", "{", 400, "bad request body")]
    [InlineData("/proxies/none", """{"enabled":true}""", 404, "proxy not found")]
    [InlineData("/proxies/none/toxics", """{"type":"latency"}""", 404, "proxy not found")]
    [InlineData("/proxies/gateway/toxics", """{"type":"explode"}""", 400, "invalid toxic type")]
    [InlineData("/proxies/gateway/toxics", """{"type":"latency","attributes":{"latency":"long"}}""", 400, "bad request body")]
    [InlineData("/proxies/gateway/toxics", """{"type":"latency","stream":"sideways"}""", 400, "stream was invalid, can be either upstream or downstream")]
    [InlineData("/proxies/gateway/toxics/none", """{"toxicity":1}""", 404, "toxic not found")]
    public async Task Request_ThatMakesNoSense_IsRefusedInToxiproxysWords(string path, string body, int status, string error)
    {
        using var http = await ProxiedAsync();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        using var answer = await api.PostAsync(path, content);

        ((int)answer.StatusCode).ShouldBe(status);
        var told = await answer.JsonAsync();
        told.Text("error").ShouldStartWith(error);
        told["status"]!.GetValue<int>().ShouldBe(status);
    }

    /// <summary>A client with a new connection per request, as toxicity is thrown per connection.</summary>
    private async Task<HttpClient> ProxiedAsync()
    {
        using var made = await api.PostAsJsonAsync("/proxies", new { name = "gateway", listen = "127.0.0.1:0", upstream = gateway.Http.BaseAddress!.Authority });
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        return new HttpClient { BaseAddress = new Uri("http://" + (await made.JsonAsync()).Text("listen")), DefaultRequestHeaders = { ConnectionClose = true } };
    }

    private Task<HttpResponseMessage> AddAsync(object toxic) => api.PostAsJsonAsync("/proxies/gateway/toxics", toxic);

    private static async Task<HttpResponseMessage> ChargeAsync(HttpClient http, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/charges")
        {
            Content = JsonContent.Create(new { merchant = "m", paymentId = "p", amount = 100, currency = "USD" }),
        };
        request.Headers.Add("Idempotency-Key", key);
        return await http.SendAsync(request);
    }
}
