using Payments.Lab.Processes;
using Payments.Lab.Traffic;

namespace Payments.EndToEnd.Tests;

/// <summary>A thousand payments over a network that loses 30 % of the requests and 30 % of the answers; and processes that die at random.</summary>
public sealed class NetworkTests(LabFixture fixture) : IClassFixture<LabFixture>
{
    [Fact]
    public async Task Mass_KeyedRetries_ChargeEachRowOnce()
    {
        var result = await RunAsync(RetryStyle.Keyed, 1000);

        (result.Confirmed, result.Charges).ShouldBe((1000, 1000));
    }

    [Fact]
    public async Task Mass_BlindRetries_ChargeSomeRowsTwice() => (await RunAsync(RetryStyle.Blind, 200)).Charges.ShouldBeGreaterThan(200);

    [Fact]
    public async Task Mass_NoRetry_LosesSomeRows() => (await RunAsync(RetryStyle.None, 200)).Charges.ShouldBeLessThan(200);

    [Fact]
    public async Task Chaos_EveryProcessDiesAtRandom_EachPaymentIsChargedOnce()
    {
        var lab = fixture.Lab;
        var run = new ChaosRun(fixture.Http, lab.Addresses, (process, action, _) => action == "kill" ? lab[process].KillAsync() : lab[process].StartAsync());

        var killed = new HashSet<string>();

        var result = await run.RunAsync(seed: 7, TimeSpan.FromSeconds(15), victim => killed.Add(victim), TestContext.Current.CancellationToken);

        result.Wrong.ShouldBeEmpty();
        result.Payments.ShouldBeGreaterThan(0);
        killed.ShouldBe(ProcessNames.All, ignoreOrder: true);
    }

    private Task<MassResult> RunAsync(RetryStyle style, int rows) =>
        new MassPayment(fixture.Http, fixture.Lab.Addresses).RunAsync(style, PaymentRow.Make(rows), TestContext.Current.CancellationToken);
}
