namespace Payments.Gateway.Mock.Tests;

public sealed class RefundTests
{
    [Fact]
    public async Task Refund_Repeated_MovesMoneyOnce()
    {
        await using var gateway = await TestGateway.StartAsync();
        var charge = (await (await gateway.ChargeAsync("c")).JsonAsync()).Text("id")!;

        ((int)(await gateway.RefundAsync("r", charge, 4_000)).StatusCode).ShouldBe(201);
        ((int)(await gateway.RefundAsync("r", charge, 4_000)).StatusCode).ShouldBe(200);

        var payment = (await gateway.JsonAsync("/payments/payment-1"))!;
        payment["refunded"]!.GetValue<long>().ShouldBe(4_000);
        (await gateway.ListAsync("/refunds")).Single().Text("chargeId").ShouldBe(charge);
    }

    [Fact]
    public async Task Refund_ManyAtOnce_NeverExceedTheCharge()
    {
        await using var gateway = await TestGateway.StartAsync();
        var charge = (await (await gateway.ChargeAsync("c")).JsonAsync()).Text("id")!;

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => gateway.RefundAsync($"r{i}", charge, 3_000)));

        answers.Count(a => (int)a.StatusCode == 201).ShouldBe(3);
        answers.Count(a => (int)a.StatusCode == 402).ShouldBe(17);
        (await gateway.JsonAsync("/stats"))!["refunded"]!["USD"]!.GetValue<long>().ShouldBe(9_000);
    }

    [Theory]
    [InlineData("ch_999999999", 1, "USD", "payment-1", "charge_not_found")]
    [InlineData(null, 1, "USD", "payment-2", "charge_not_found")]
    [InlineData(null, 1, "EUR", "payment-1", "currency_mismatch")]
    [InlineData(null, 10_001, "USD", "payment-1", "refund_exceeds_charge")]
    public async Task Refund_ThatCannotBe_IsDeclinedWithItsReason(string? charge, long amount, string currency, string payment, string code)
    {
        await using var gateway = await TestGateway.StartAsync();
        var made = (await (await gateway.ChargeAsync("c")).JsonAsync()).Text("id")!;

        using var answer = await gateway.RefundAsync("r", charge ?? made, amount, currency, payment);

        ((int)answer.StatusCode).ShouldBe(402);
        (await answer.JsonAsync()).Text("code").ShouldBe(code);
        (await gateway.ListAsync("/refunds")).ShouldBeEmpty();
    }
}
