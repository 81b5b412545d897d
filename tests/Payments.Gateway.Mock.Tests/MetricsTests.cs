using System.Diagnostics;

namespace Payments.Gateway.Mock.Tests;

public sealed class MetricsTests
{
    [Fact]
    public async Task Metrics_AfterCharges_CountThemAndPassPromtool()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.ChargeAsync("k");
        await gateway.ChargeAsync("k");
        await gateway.ChargeAsync("other", "tok_declined");

        var text = await gateway.Http.GetStringAsync("/metrics");

        text.ShouldContain("# TYPE mock_gateway_decisions_total counter");
        text.ShouldContain("""operation="charge",outcome="declined",repetition="false"} """);
        Process promtool;
        try
        {
            promtool = Process.Start(new ProcessStartInfo("promtool", ["check", "metrics"]) { RedirectStandardInput = true, RedirectStandardError = true })!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("promtool is not installed");
            return;
        }
        using (promtool)
        {
            await promtool.StandardInput.WriteAsync(text);
            promtool.StandardInput.Close();
            var said = await promtool.StandardError.ReadToEndAsync();
            await promtool.WaitForExitAsync();
            promtool.ExitCode.ShouldBe(0, said);
        }
    }
}
