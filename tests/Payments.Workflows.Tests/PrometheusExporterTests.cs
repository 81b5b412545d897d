using System.Diagnostics;
using System.Diagnostics.Metrics;
using Durable.Metrics;
using Payments.Telemetry;

namespace Payments.Workflows.Tests;

public class PrometheusExporterTests
{
    [Fact]
    public void Render_EachKindOfInstrument_TextThatPrometheusReads()
    {
        using var meter = new Meter("Payments.Test." + Guid.NewGuid().ToString("N"));
        using var exporter = new PrometheusExporter(name => name == meter.Name);
        var counter = meter.CreateCounter<long>("things_total", null, "Things.");
        var histogram = meter.CreateHistogram("wait", "s", "Waits.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        var level = meter.CreateUpDownCounter<int>("level", null, "Level.");
        meter.CreateObservableGauge("drift", () => -3, null, "Drift.");
        counter.Add(2, new KeyValuePair<string, object?>("kind", "a\"b"));
        counter.Add(3, new KeyValuePair<string, object?>("kind", "a\"b"));
        histogram.Record(0.05);
        histogram.Record(0.5);
        histogram.Record(5);
        level.Add(4);
        level.Add(-1);

        exporter.Render().ShouldBe(
            """
            # HELP drift Drift.
            # TYPE drift gauge
            drift -3
            # HELP level Level.
            # TYPE level gauge
            level 3
            # HELP things_total Things.
            # TYPE things_total counter
            things_total{kind="a\"b"} 5
            # HELP wait_seconds Waits.
            # TYPE wait_seconds histogram
            wait_seconds_bucket{le="0.1"} 1
            wait_seconds_bucket{le="1"} 2
            wait_seconds_bucket{le="+Inf"} 3
            wait_seconds_sum 5.55
            wait_seconds_count 3

            """);
    }

    [Fact]
    public void Render_LabelWithUnboundedValues_SumsTheRest()
    {
        using var meter = new Meter("Payments.Test." + Guid.NewGuid().ToString("N"));
        using var exporter = new PrometheusExporter(name => name == meter.Name);
        var counter = meter.CreateCounter<long>("flood_total", null, "Flood.");
        for (var i = 0; i < 2000; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("id", i));
        }

        exporter.Render().Split('\n').Length.ShouldBeLessThan(520);
        exporter.Render().ShouldContain("flood_total{otel_metric_overflow=\"true\"} 1500");
    }

    [Fact]
    public async Task Render_AllMetrics_PassPromtool()
    {
        using var exporter = new PrometheusExporter(name => name == PaymentMeters.Name);
        PaymentMeters.PaymentsTotal.Add(1, PaymentMeters.Operation("Create"), PaymentMeters.Outcome("captured"));
        PaymentMeters.PaymentSeconds.Record(0.01, PaymentMeters.Operation("Create"), new KeyValuePair<string, object?>("path", "new"));
        using var promtool = Start();
        if (promtool is null)
        {
            Assert.Skip("promtool is not installed (Debian: apt-get install prometheus).");
        }
        await promtool.StandardInput.WriteAsync(exporter.Render());
        promtool.StandardInput.Close();
        var complaints = await promtool.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await promtool.WaitForExitAsync(TestContext.Current.CancellationToken);

        complaints.ShouldBeEmpty();
        promtool.ExitCode.ShouldBe(0);
    }

    private static Process? Start()
    {
        try
        {
            return Process.Start(new ProcessStartInfo("promtool", "check metrics") { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
