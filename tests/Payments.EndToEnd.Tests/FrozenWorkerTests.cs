using Payments.Lab;
using Payments.Lab.Processes;

namespace Payments.EndToEnd.Tests;

/// <summary>
/// A worker is frozen (SIGSTOP) after the gateway charged and before it heard so; a second worker takes over; the first one wakes to a task that is no longer
/// its own. Nothing here waits for a time: the second worker's answer is the proof that the first one's time was over.
/// </summary>
public static class FrozenWorkerTests
{
    public sealed class Protected(LabFixture fixture) : IClassFixture<LabFixture>
    {
        [Fact]
        public async Task Freeze_BeyondTheTimeoutAndWake_ChargesOnce() => (await ChargesAsync(fixture)).ShouldBe(1);
    }

    public sealed class WithoutGatewayKeys(LabWithoutGatewayKeys fixture) : IClassFixture<LabWithoutGatewayKeys>
    {
        [Fact]
        public async Task Freeze_BeyondTheTimeoutAndWake_ChargesAgain() => (await ChargesAsync(fixture)).ShouldBeGreaterThan(1);
    }

    private static async Task<int> ChargesAsync(LabFixture fixture)
    {
        var first = fixture.Lab[ProcessNames.Worker];
        await fixture.HoldAsync("frozen", charged: true);
        var waiting = fixture.Caller.CreateAsync("frozen", "frozen", 10_000);
        await fixture.HeldAsync("frozen");
        await first.PauseAsync();
        await fixture.ReleaseAsync();

        // A block of free ports has room for it.
        var url = ProcessSpecs.Url(fixture.Lab.Options.Ports.Lab + 1);
        var spec = first.Spec with { Name = "worker-2", Arguments = ["--urls", url, .. first.Spec.Arguments.Skip(2)], Ready = new Uri(url + "/health/ready") };
        await using var second = new ChildProcess(spec, fixture.Lab.Logs, restart: false, TimeProvider.System);
        await second.StartAsync();
        (await fixture.UntilAnsweredAsync("frozen")).Paid.ShouldBeTrue();
        first.Resume();

        // Alone again, it serves this payment, so it has woken and has said what it had to say of the old one.
        await second.StopAsync();
        (await fixture.UntilAnsweredAsync("after")).Paid.ShouldBeTrue();
        await waiting;
        return await fixture.Ledger.ChargesOfAsync("frozen");
    }
}
