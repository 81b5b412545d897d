using System.Diagnostics;
using Payments.Lab.Processes;

namespace Payments.EndToEnd.Tests;

/// <summary>What the processes of a running lab tell of themselves, after traffic of each kind.</summary>
[Collection(QuietLab.Name)]
public sealed class MetricsTests(LabFixture fixture)
{
    private const string Lab = "lab";

    [Theory]
    [InlineData(ProcessNames.Ingress, "payments_total", "operation=\"Create\",outcome=\"captured\"")]
    [InlineData(ProcessNames.Ingress, "payments_total", "operation=\"Create\",outcome=\"payment-declined\"")]
    [InlineData(ProcessNames.Ingress, "payments_total", "operation=\"Refund\",outcome=\"refunded\"")]
    [InlineData(ProcessNames.Ingress, "idempotency_cache_hits_total", "operation=\"Create\"")]
    [InlineData(ProcessNames.Ingress, "idempotency_conflicts_total", "operation=\"Create\",reason=\"idempotency-key-reused\"")]
    [InlineData(ProcessNames.Ingress, "concurrent_request_waits_total", "operation=\"Create\"")]
    [InlineData(ProcessNames.Ingress, "idempotency_requests_total", "operation=\"Create\",result=\"new\"")]
    [InlineData(ProcessNames.Ingress, "idempotency_requests_total", "operation=\"Create\",result=\"replay\"")]
    [InlineData(ProcessNames.Ingress, "idempotency_wait_seconds_count", "operation=\"Create\"")]
    [InlineData(ProcessNames.Ingress, "payment_duration_seconds_count", "operation=\"Create\",path=\"new\"")]
    [InlineData(ProcessNames.Ingress, "payment_duration_seconds_count", "operation=\"Create\",path=\"replay\"")]
    [InlineData(ProcessNames.Ingress, "payments_in_flight", "operation=\"Create\"")]
    [InlineData(ProcessNames.Ingress, "http_server_request_duration_seconds_count", "http_route=\"/PaymentService/{id}/Status\"")]
    [InlineData(ProcessNames.Worker, "gateway_requests_total", "operation=\"charge\"")]
    [InlineData(ProcessNames.Worker, "gateway_request_duration_seconds_count", "operation=\"charge\"")]
    [InlineData(ProcessNames.Worker, "gateway_retries_total", "operation=\"charge\"")]
    [InlineData(ProcessNames.Worker, "# TYPE gateway_duplicates_suppressed_total", "")]
    [InlineData(ProcessNames.Worker, "# TYPE idempotency_records_expired_total", "")]
    [InlineData(ProcessNames.Worker, "refunds_total", "")]
    [InlineData(ProcessNames.Worker, "payment_amount_minor_total", "currency=\"USD\"")]
    [InlineData(ProcessNames.Worker, "temporal_activity_schedule_to_start_latency_count", "")]
    [InlineData(ProcessNames.Worker, "temporal_workflow_endtoend_latency_count", "")]
    [InlineData(ProcessNames.Server, "service_requests_total", "")]
    [InlineData(ProcessNames.Server, "persistence_latency_seconds_count", "")]
    [InlineData(ProcessNames.Gateway, "mock_gateway_decisions_total", "")]
    [InlineData(Lab, "payments_ledger_drift", "")]
    [InlineData(Lab, "lab_process_starts_total", "")]
    public async Task Metric_AfterTraffic_IsThere(string process, string metric, string labels)
    {
        await Traffic.Value(fixture);
        string[] wanted = labels.Split(',', StringSplitOptions.RemoveEmptyEntries);

        await LabFixture.UntilAsync(() => $"{process} tells {metric}{{{labels}}}", async _ => (await MetricsAsync(process)).Split('\n')
            .Any(line => (line.StartsWith(metric + "{", StringComparison.Ordinal) || line.StartsWith(metric + " ", StringComparison.Ordinal))
                && wanted.All(label => line.Contains(label, StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData(ProcessNames.Ingress)]
    [InlineData(ProcessNames.Worker)]
    [InlineData(ProcessNames.Gateway)]
    [InlineData(ProcessNames.Server)]
    [InlineData(Lab)]
    public async Task Metrics_OfEachProcess_AreWhatPrometheusExpects(string process)
    {
        await Traffic.Value(fixture);
        var start = new ProcessStartInfo("promtool", ["check", "metrics"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        Process promtool;
        try
        {
            promtool = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("promtool is not installed (Debian: apt-get install prometheus)");
            return;
        }
        using (promtool)
        {
            await promtool.StandardInput.WriteAsync(await MetricsAsync(process));
            promtool.StandardInput.Close();
            var said = await promtool.StandardOutput.ReadToEndAsync() + await promtool.StandardError.ReadToEndAsync();
            await promtool.WaitForExitAsync();
            promtool.ExitCode.ShouldBe(0, said);
        }
    }

    [Theory]
    [InlineData(ProcessNames.Ingress)]
    [InlineData(ProcessNames.Worker)]
    [InlineData(ProcessNames.Gateway)]
    [InlineData(ProcessNames.Server)]
    [InlineData(Lab)]
    public async Task Process_SaysThatItLivesAndThatItIsReady(string process)
    {
        using var health = await fixture.Http.GetAsync(AddressOf(process) + "/health");

        health.IsSuccessStatusCode.ShouldBeTrue($"{health.StatusCode}");
        // The lab gives its processes two seconds to say that they are, which on a busy machine can be too few for once.
        await LabFixture.UntilAsync(() => $"{process} is ready", async cancellation =>
        {
            using var ready = await fixture.Http.GetAsync(AddressOf(process) + "/health/ready", cancellation);
            return ready.IsSuccessStatusCode;
        });
    }

    [Fact]
    public async Task Healthcheck_OfTheContainers_SaysWhatTheProcessSays()
    {
        if (!File.Exists("/bin/bash"))
        {
            Assert.Skip("bash is not installed");
        }
        (await AskAsync(fixture.Lab.Options.Ports.Ingress)).ShouldBe(0);
        (await AskAsync(fixture.Lab.Options.Ports.Lab + 1)).ShouldNotBe(0);

        static async Task<int> AskAsync(int port)
        {
            using var script = Process.Start(new ProcessStartInfo("/bin/bash", [Path.Combine(HttpFile.Root, "deploy", "healthcheck.sh"), $"{port}"]) { RedirectStandardError = true })!;
            await script.WaitForExitAsync();
            return script.ExitCode;
        }
    }

    [Fact]
    public async Task Labels_NeverCarryAKeyAPaymentOrACustomer()
    {
        await Traffic.Value(fixture);

        foreach (var process in new[] { ProcessNames.Ingress, ProcessNames.Worker, ProcessNames.Gateway, ProcessNames.Server })
        {
            (await MetricsAsync(process)).ShouldNotContain("metered", customMessage: process);
        }
    }

    [Fact]
    public async Task Drift_WhenEverythingIsAnswered_IsNone()
    {
        await Traffic.Value(fixture);

        await LabFixture.UntilAsync(() => "the ledger and the service agree", async _ => (await fixture.Lab.AuditAsync()).Drift == 0);
    }

    private string AddressOf(string process) => process switch
    {
        Lab => fixture.Lab.Addresses.Lab,
        _ => fixture.Lab[process].Spec.Ready.GetLeftPart(UriPartial.Authority),
    };

    private Task<string> MetricsAsync(string process) => fixture.Http.GetStringAsync(AddressOf(process) + "/metrics");

    /// <summary>New, replayed, attached, refused, declined, retried, refunded; once for all tests of the class.</summary>
    private static class Traffic
    {
        private static readonly Lock Making = new();
        private static Task? made;

        public static Task Value(LabFixture fixture)
        {
            lock (Making)
            {
                return made ??= MakeAsync(fixture);
            }
        }

        private static async Task MakeAsync(LabFixture fixture)
        {
            (await fixture.UntilAnsweredAsync("metered", "tok_fail_1")).Paid.ShouldBeTrue();
            (await fixture.Caller.CreateAsync("metered", "metered", 10_000, "tok_fail_1")).Replayed.ShouldBeTrue();
            (await fixture.Caller.CreateAsync("metered", "metered", 1)).Status.ShouldBe(422);
            (await fixture.Caller.CreateAsync("metered-declined", "metered", 10_000, "tok_declined")).Status.ShouldBe(402);
            (await fixture.UntilAnsweredAsync("metered-lost", "tok_500_after_charge")).Paid.ShouldBeTrue();
            (await fixture.UntilRefundedAsync("metered", "metered-refund", 100)).Paid.ShouldBeTrue();
            (await fixture.StatusAsync("metered")).ShouldBe("partially_refunded");
            await fixture.HoldAsync("metered-held", charged: false);
            var first = fixture.Caller.CreateAsync("metered-held", "metered-held", 10_000);
            await fixture.HeldAsync("metered-held");
            var second = fixture.Caller.CreateAsync("metered-held", "metered-held", 10_000);
            await LabFixture.UntilAsync(() => "the second waits", async _ => (await fixture.Http.GetStringAsync(fixture.Lab.Addresses.Ingress + "/metrics"))
                .Contains("concurrent_request_waits_total{", StringComparison.Ordinal));
            await fixture.ReleaseAsync();
            (await Task.WhenAll(first, second)).ShouldAllBe(answer => answer.Paid);
        }
    }
}
