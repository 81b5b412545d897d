using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Payments.Ingress.Tests;

/// <summary>What an operator sees: metrics, traces and logs by the names of the contract, and nothing in them that is a secret.</summary>
public class TelemetryTests
{
    private static readonly object Body = new { amount = 10_000, currency = "USD", customerId = "cust-4711" };

    [Fact]
    public async Task Metrics_AfterEveryKindOfAnswer_NamesAndLabelsOfTheContract()
    {
        await using var service = await PaymentService.StartAsync();
        await service.PostAsync("/PaymentService/p/Create", "secret-key", Body);
        await service.PostAsync("/PaymentService/p/Create", "secret-key", Body);
        await service.PostAsync("/PaymentService/p/Create", "secret-key", new { amount = 1, currency = "USD" });
        await service.PostAsync("/PaymentService/p/Refund", "r", new { amount = 1 });
        await service.HoldChargesAsync();
        // The meters are the process's: what other tests add meanwhile may be counted too, so more is as good as enough.
        const string Waits = "concurrent_request_waits_total{operation=\"Create\"}", Reused = "idempotency_conflicts_total{operation=\"Create\",reason=\"idempotency-key-reused\"}";
        var waitsBefore = ValueOf(Waits, await service.GetAsync("/metrics"));
        var racing = Enumerable.Range(0, 3).Select(_ => service.PostAsync("/PaymentService/q/Create", "k", Body)).ToList();
        await service.HeldAsync();
        await PaymentService.UntilAsync(() => service.GetAsync("/metrics"), answer => ValueOf(Waits, answer) >= waitsBefore + 2);
        await service.ReleaseAsync();
        await Task.WhenAll(racing);
        var reusedBefore = ValueOf(Reused, await service.GetAsync("/metrics"));
        // A worker that says nothing for a second leaves it at "accepted" for now.
        await PaymentService.UntilAsync(
            () => service.PostAsync("/PaymentService/p/Create/send", "secret-key", new { amount = 1, currency = "USD" }), answer => answer.Status == 422);
        ValueOf(Reused, await service.GetAsync("/metrics")).ShouldBeGreaterThan(reusedBefore);
        await service.FaultAsync("""{"operation":"charge","action":"drop-after","times":1}""");
        await service.PostAsync("/PaymentService/dropped/Create", "k", Body);
        await service.FaultAsync("""{"operation":"refund","action":"drop-after","times":1}""");
        await service.PostAsync("/PaymentService/dropped/Refund", "r", new { amount = 1 });

        var ingress = (await service.GetAsync("/metrics")).Text;
        var worker = await service.WorkerHttp.GetStringAsync(new Uri("/metrics", UriKind.Relative));

        foreach (var series in new[]
        {
            "payments_total{operation=\"Create\",outcome=\"captured\"}",
            "idempotency_cache_hits_total{operation=\"Create\",outcome=\"captured\"}",
            Reused,
            Waits,
            "idempotency_requests_total{operation=\"Create\",result=\"new\"}",
            "idempotency_requests_total{operation=\"Create\",result=\"replay\"}",
            "idempotency_wait_seconds_count{operation=\"Create\"",
            "payment_duration_seconds_count{operation=\"Create\",path=\"new\"}",
            "payment_duration_seconds_count{operation=\"Create\",path=\"replay\"}",
            "payments_in_flight{operation=\"Create\"}",
            "http_server_request_duration_seconds_count{",
        })
        {
            ingress.ShouldContain(series);
        }
        foreach (var series in new[]
        {
            "gateway_requests_total{operation=\"charge\",result=\"captured\"}",
            "gateway_request_duration_seconds_count{operation=\"charge\",result=\"captured\"}",
            "payment_amount_minor_total{currency=\"USD\"}",
            "refunds_total{currency=\"USD\"}",
            "gateway_duplicates_suppressed_total{operation=\"refund\",result=\"refunded\"}",
            "temporal_activity_schedule_to_start_latency",
            "temporal_workflow_endtoend_latency",
        })
        {
            worker.ShouldContain(series);
        }
        foreach (var text in new[] { ingress, worker })
        {
            text.ShouldNotContain("secret-key");
            text.ShouldNotContain("cust-4711");
            text.ShouldNotContain("/PaymentService/p/");
        }
    }

    [Fact]
    public async Task Trace_OfOnePayment_FromTheRequestToTheGateway()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Payments" or "Microsoft.AspNetCore" or "System.Net.Http",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var service = await PaymentService.StartAsync();
        var trace = ActivityTraceId.CreateRandom().ToString();

        await service.PostAsync("/PaymentService/p/Create", "k", Body, ("traceparent", $"00-{trace}-00f067aa0ba902b7-01"));
        await service.PostAsync("/PaymentService/p/Create", "k", Body, ("traceparent", $"00-{trace}-00f067aa0ba902b8-01"));

        Activity[] Mine() => [.. spans.Where(span => span.TraceId.ToString() == trace)];
        Activity[] Requests() => [.. Mine().Where(span => span.Source.Name == "Microsoft.AspNetCore" && span.GetTagItem("idempotency.key_hash") is not null)];
        // The server's spans end a moment after their answer.
        await PaymentService.UntilAsync(() => service.GetAsync("/health"), _ => Requests().Length >= 2);
        Activity One(string name) => Mine().Single(span => span.OperationName == name);
        var (client, handler, activity) = (One("update with start Create"), One("update Create"), One("activity Charge"));
        handler.ParentSpanId.ShouldBe(client.SpanId);
        activity.ParentSpanId.ShouldBe(handler.SpanId);
        handler.GetTagItem("temporalWorkflowID").ShouldBe("payment/default/p");
        handler.GetTagItem("temporalRunID").ShouldNotBeNull();
        Mine().ShouldContain(span => span.Source.Name == "System.Net.Http" && span.ParentSpanId == activity.SpanId);
        var requests = Requests();
        requests.Select(span => span.GetTagItem("idempotency.cache_hit")).ShouldBe([false, true], ignoreOrder: true);
        requests.ShouldAllBe(span => ((string)span.GetTagItem("idempotency.key_hash")!).Length == 32);
        Mine().ShouldAllBe(span => span.TagObjects.All(tag => !$"{tag.Value}".Contains("cust-4711")));
    }

    [Fact]
    public async Task Log_OfDuplicates_OneLineEachWithTheHashAndNeverTheKeyOrACard()
    {
        var lines = new Lines();
        await using var service = await PaymentService.StartAsync(builder => builder.Logging.Services.AddSingleton<ILoggerProvider>(lines), withWorker: true);
        await service.PostAsync("/PaymentService/p/Create", "secret-key", Body);
        var id = (await service.PostAsync("/PaymentService/p/Create", "secret-key", Body)).Header("X-Invocation-Id");
        await service.PostAsync("/PaymentService/p/Create", "secret-key", Body);
        await service.GetAsync("/restate/output/" + id);
        await service.PostAsync("/PaymentService/p/Create", "card", """{"amount":1,"currency":"USD","description":"4242 4242 4242 4242"}""");
        await service.PostAsync("/PaymentService/p/Create", "card", """{"amount":1,"currency":"USD","description":"4242 4242 4242 4242" """);

        await service.PostAsync("/PaymentService/p/Create", "secret-key", new { amount = 1, currency = "USD" }, ("X-Merchant-Id", "default"));

        lines.All.Count(line => line.StartsWith("Merchant default sent another body to PaymentService/Create under key ", StringComparison.Ordinal)).ShouldBe(1);
        var duplicates = lines.All.Where(line => line.StartsWith("Duplicate ", StringComparison.Ordinal)).ToList();

        duplicates.Count.ShouldBe(2);
        duplicates.ShouldAllBe(line => line.Contains("cust-4711") && line.Contains("10000 USD") && line.Contains("first seen 2") && line.Contains("PaymentService/Create"));
        lines.All.ShouldAllBe(line => !line.Contains("secret-key") && !line.Contains("4242 4242") && !line.Contains("42424242"));
    }

    private static long ValueOf(string series, Answer metrics) =>
        metrics.Text.Split('\n').Where(line => line.StartsWith(series, StringComparison.Ordinal)).Select(line => long.Parse(line[series.Length..])).SingleOrDefault();

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> All { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Enqueue(formatter(state, exception) + exception);

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}
