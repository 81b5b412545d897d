using Temporalio.Testing;
using Temporalio.Worker;
using Temporalio.Workflows;

namespace Payments.Ingress.Tests;

/// <summary>Services that are not payments, and code that is not HTTP.</summary>
public class OtherServicesTests
{
    [Fact]
    public async Task Start_RegisteredInALine_RunsOncePerKeyAndKnowsMismatches()
    {
        await using var engine = await WorkflowEnvironment.StartLocalAsync(new() { DataConverter = Connection.PaymentsConverter.Make(new Microsoft.Extensions.Configuration.ConfigurationBuilder().Build()) });
        using var worker = new TemporalWorker(engine.Client, new TemporalWorkerOptions("orders").AddWorkflow<OrderWorkflow>());
        using var stopping = new CancellationTokenSource();
        var running = worker.ExecuteAsync(stopping.Token);
        await using var app = IngressApp.Build(
            ["--environment", "Lab", "--urls", "http://127.0.0.1:0", "--Limits:QueryTimeout", "00:01:00"], engine.Client,
            register: (registry, services) => registry.Service("OrderService", "orders", services)
                .Start("Create", "OrderWorkflow").Start("Notify", "OrderWorkflow", perKey: true).Query("Status", "Status"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        var first = await PostAsync(http, "/OrderService/o1/Create", "k", """{"item":"shoes"}""");
        var again = await PostAsync(http, "/OrderService/o1/Create", "k", """{"item":"shoes"}""");
        var mismatch = await PostAsync(http, "/OrderService/o1/Create", "k", """{"item":"hat"}""");
        var other = await PostAsync(http, "/OrderService/o1/Create", "k2", """{"item":"shoes"}""");
        var one = await PostAsync(http, "/OrderService/o1/Notify", "n1", """{"item":"mail"}""");
        var two = await PostAsync(http, "/OrderService/o1/Notify", "n2", """{"item":"mail"}""");

        first.ShouldBe((201, """{"order":"shoes","idempotencyKey":"k","cached":false}"""));
        again.ShouldBe((200, """{"order":"shoes","idempotencyKey":"k","cached":true}"""));
        mismatch.Status.ShouldBe(422);
        other.Status.ShouldBe(409);
        (one.Status, two.Status).ShouldBe((201, 201));
        (await http.GetStringAsync(new Uri("/OrderService/o1/Status", UriKind.Relative), TestContext.Current.CancellationToken)).ShouldBe("\"shoes\"");

        await stopping.CancelAsync();
        await app.StopAsync(TestContext.Current.CancellationToken);
        try
        {
            await running;
        }
        catch (OperationCanceledException)
        {
            // How a worker says that it was asked to stop.
        }
    }

    [Fact]
    public async Task ExecuteAsync_SameKeyConcurrentlyAndLater_ActionRunsOnce()
    {
        await using var engine = await WorkflowEnvironment.StartLocalAsync(new() { DataConverter = Connection.PaymentsConverter.Make(new Microsoft.Extensions.Configuration.ConfigurationBuilder().Build()) });
        await using var calls = new IdempotentCalls(engine.Client);
        var executed = 0;
        Task<CallResult<int>> Call(string key, int request) => calls.ExecuteAsync("m", "double", key, request, number =>
        {
            Interlocked.Increment(ref executed);
            return Task.FromResult(2 * number);
        });

        var results = await Task.WhenAll(Call("k", 21), Call("k", 21), Call("k", 21));
        var later = await Call("k", 21);
        var mismatch = await Should.ThrowAsync<IdempotencyMismatchException>(() => Call("k", 22));

        results.ShouldAllBe(result => result.Value == 42);
        results.Count(result => !result.Replayed).ShouldBe(1);
        later.ShouldBe(new CallResult<int>(42, true));
        mismatch.ExpectedFingerprint.ShouldNotBe(mismatch.ActualFingerprint);
        executed.ShouldBe(1);
        (await Call("another", 21)).Replayed.ShouldBeFalse();
        executed.ShouldBe(2);
    }

    [Fact]
    public async Task ExecuteAsync_ActionThrows_TheFailureIsTheOutcome()
    {
        await using var engine = await WorkflowEnvironment.StartLocalAsync(new() { DataConverter = Connection.PaymentsConverter.Make(new Microsoft.Extensions.Configuration.ConfigurationBuilder().Build()) });
        await using var calls = new IdempotentCalls(engine.Client);
        var executed = 0;
        Task<CallResult<int>> Call() => calls.ExecuteAsync<int, int>("m", "charge", "k", 1, _ =>
        {
            Interlocked.Increment(ref executed);
            throw new InvalidOperationException("insufficient funds");
        });

        (await Should.ThrowAsync<IdempotentCallException>(Call)).Message.ShouldContain("insufficient funds");
        (await Should.ThrowAsync<IdempotentCallException>(Call)).Message.ShouldContain("insufficient funds");
        executed.ShouldBe(1);
    }

    private static async Task<(int Status, string Text)> PostAsync(HttpClient http, string path, string key, string body)
    {
        using var response = await http.SendAsync(PaymentService.Message(HttpMethod.Post, path, key, body), TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Workflow("OrderWorkflow")]
    public class OrderWorkflow
    {
        private string item = "";

        [WorkflowRun]
        public Task<Dictionary<string, string>> RunAsync(Dictionary<string, string> order)
        {
            item = order["item"];
            return Task.FromResult(new Dictionary<string, string> { ["order"] = item });
        }

        [WorkflowQuery]
        public string Status() => item;
    }
}
