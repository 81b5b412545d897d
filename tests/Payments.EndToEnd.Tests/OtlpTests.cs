using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Payments.Lab.Processes;

namespace Payments.EndToEnd.Tests;

/// <summary>Traces, metrics and logs go out by the standard variables, here to a collector of the test's own; one trace goes through all processes.</summary>
public sealed class OtlpTests(OtlpTests.Fixture fixture) : IClassFixture<OtlpTests.Fixture>
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";

    [Fact]
    public async Task Payment_WithATraceOfItsCaller_IsInThatTraceInEachProcess()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, fixture.Lab.Addresses.Ingress + "/PaymentService/traced/Create")
        {
            Content = new StringContent("""{"amount":10000,"currency":"USD"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Idempotency-Key", "secret-key-of-the-caller");
        request.Headers.Add("traceparent", $"00-{TraceId}-b7ad6b7169203331-01");
        using var answer = await fixture.Http.SendAsync(request);
        answer.IsSuccessStatusCode.ShouldBeTrue();

        foreach (var service in new[] { "payments-ingress", "payments-worker", "payments-gateway" })
        {
            await LabFixture.UntilAsync(() => $"{service} sends its part of the trace", _ => Task.FromResult(
                fixture.Received("traces").Any(body => Holds(body, Encoding.UTF8.GetBytes(service)) && Holds(body, Convert.FromHexString(TraceId)))));
            foreach (var signal in new[] { "metrics", "logs" })
            {
                await LabFixture.UntilAsync(() => $"{service} sends {signal}", _ => Task.FromResult(
                    fixture.Received(signal).Any(body => Holds(body, Encoding.UTF8.GetBytes(service)))));
            }
        }
        // The request's own span ends last, so it may come in a later batch than the spans below it.
        await LabFixture.UntilAsync(
            () => "the request's span says whether it was a replay", _ => Task.FromResult(fixture.Received("traces").Any(body => Holds(body, "idempotency.cache_hit"u8))));
        foreach (var signal in new[] { "traces", "metrics", "logs" })
        {
            fixture.Received(signal).Any(body => Holds(body, "secret-key-of-the-caller"u8)).ShouldBeFalse($"a raw key went out with the {signal}");
        }
    }

    private static bool Holds(byte[] body, ReadOnlySpan<byte> text) => body.AsSpan().IndexOf(text) >= 0;

    public sealed class Fixture : LabFixture
    {
        private static readonly string[] Exporting = [ProcessNames.Ingress, ProcessNames.Worker, ProcessNames.Gateway];

        private readonly ConcurrentQueue<(string Signal, byte[] Body)> received = new();
        private readonly WebApplication collector;
        private readonly string address = ProcessSpecs.Url(Payments.Lab.LabPorts.Free().Ingress);

        public Fixture()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls(address);
            builder.Logging.ClearProviders();
            collector = builder.Build();
            collector.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
            {
                using var body = new MemoryStream();
                await request.Body.CopyToAsync(body);
                received.Enqueue((signal, body.ToArray()));
                return Results.Bytes([], "application/x-protobuf");
            });
        }

        protected override IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Settings =>
            Exporting.ToDictionary(name => name, _ => (IReadOnlyDictionary<string, string>)new Dictionary<string, string>
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = address,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
                ["OTEL_BLRP_SCHEDULE_DELAY"] = "200",
                ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
            });

        public IEnumerable<byte[]> Received(string signal) => received.Where(one => one.Signal == signal).Select(one => one.Body);

        public override async ValueTask InitializeAsync()
        {
            await collector.StartAsync();
            await base.InitializeAsync();
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await collector.DisposeAsync();
        }
    }
}
