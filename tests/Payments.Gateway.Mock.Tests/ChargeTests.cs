using System.Net;

namespace Payments.Gateway.Mock.Tests;

public sealed class ChargeTests
{
    [Theory]
    [InlineData("tok_success", 201, 200, "captured", null)]
    [InlineData("tok_slow_1", 201, 200, "captured", null)]
    [InlineData("tok_declined", 402, 402, "declined", "card_declined")]
    [InlineData("tok_insufficient_funds", 402, 402, "declined", "insufficient_funds")]
    [InlineData("tok_expired_card", 402, 402, "declined", "expired_card")]
    [InlineData("tok_fraud", 402, 402, "declined", "fraud")]
    [InlineData("tok_unheard_of", 402, 402, "declined", "unknown_token")]
    [InlineData("tok_slow_x", 402, 402, "declined", "unknown_token")]
    public async Task Charge_WithToken_HasItsOutcomeFirstAndAgain(string token, int first, int again, string status, string? code)
    {
        await using var gateway = await TestGateway.StartAsync();

        using var one = await gateway.ChargeAsync("k", token);
        using var two = await gateway.ChargeAsync("k", token);

        ((int)one.StatusCode).ShouldBe(first);
        ((int)two.StatusCode).ShouldBe(again);
        var (a, b) = (await one.JsonAsync(), await two.JsonAsync());
        a.Text("status").ShouldBe(status);
        a.Text("code").ShouldBe(code);
        a["replayed"]!.GetValue<bool>().ShouldBeFalse();
        b["replayed"]!.GetValue<bool>().ShouldBeTrue();
        a["replayed"] = true;
        a.ToJsonString().ShouldBe(b.ToJsonString());
        (await gateway.ListAsync("/charges")).Count.ShouldBe(status == "captured" ? 1 : 0);
    }

    [Fact]
    public async Task Charge_WithoutKey_ChargesEachTime()
    {
        await using var gateway = await TestGateway.StartAsync();

        (await gateway.ChargeAsync(null)).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await gateway.ChargeAsync(null)).StatusCode.ShouldBe(HttpStatusCode.Created);

        (await gateway.ListAsync("/charges")).Count.ShouldBe(2);
        (await gateway.JsonAsync("/payments/payment-1"))!["charged"]!.GetValue<long>().ShouldBe(20_000);
    }

    [Theory]
    [InlineData(10_001, "payment-1", "tok_success")]
    [InlineData(10_000, "payment-2", "tok_success")]
    [InlineData(10_000, "payment-1", "tok_slow_1")]
    public async Task Charge_OtherRequestUnderAKey_IsRefusedAndTellsTheFirst(long amount, string payment, string token)
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.ChargeAsync("k");

        using var other = await gateway.ChargeAsync("k", token, amount, payment);

        other.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var body = await other.JsonAsync();
        body.Text("status").ShouldBe("mismatch");
        body["amount"]!.GetValue<long>().ShouldBe(10_000);
        body.Text("owner").ShouldBe("run-1");
        (await gateway.ListAsync("/charges")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Charge_ManyAtOnceUnderOneKey_ChargesOnce()
    {
        await using var gateway = await TestGateway.StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => gateway.ChargeAsync("k", "tok_slow_20")));

        answers.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(39);
        (await gateway.ListAsync("/charges")).Count.ShouldBe(1);
        (await gateway.ListAsync("/attempts")).Count(a => a!["repetition"]!.GetValue<bool>()).ShouldBe(39);
    }

    [Fact]
    public async Task Charge_TokenThatFailsTwice_IsCapturedByTheThirdRequestEvenAfterARestart()
    {
        await using var gateway = await TestGateway.StartAsync();

        (await gateway.ChargeAsync("k", "tok_fail_2")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        await gateway.StopAsync();
        await gateway.StartAgainAsync();
        (await gateway.ChargeAsync("k", "tok_fail_2")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await gateway.ChargeAsync("k", "tok_fail_2")).StatusCode.ShouldBe(HttpStatusCode.Created);

        var attempts = await gateway.ListAsync("/attempts");
        attempts.Select(a => a.Text("outcome")).ShouldBe(["unavailable", "unavailable", "captured"]);
    }

    [Theory]
    [InlineData("tok_500_after_charge")]
    [InlineData("tok_drop_after_charge")]
    [InlineData("tok_hang")]
    public async Task Charge_AnswerIsLost_TheKeyTellsTheCharge(string token)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var patience = new CancellationTokenSource();
        var first = gateway.ChargeAsync("k", token, cancellation: patience.Token);
        if (token == "tok_hang")
        {
            while ((await gateway.ListAsync("/charges")).Count == 0)
            {
                first.IsCompleted.ShouldBeFalse();
            }
            await patience.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(first);
        }
        else if (token == "tok_drop_after_charge")
        {
            await Should.ThrowAsync<HttpRequestException>(first);
        }
        else
        {
            (await first).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        }

        (await gateway.JsonAsync("/keys/k")).Text("status").ShouldBe("captured");
        (await gateway.ChargeAsync("k", token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await gateway.ListAsync("/charges")).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"paymentId":"p","amount":1,"currency":"USD"}""", "merchant")]
    [InlineData("""{"merchant":"m","amount":1,"currency":"USD"}""", "paymentId")]
    [InlineData("""{"merchant":"m","paymentId":"p","amount":0,"currency":"USD"}""", "amount")]
    [InlineData("""{"merchant":"m","paymentId":"p","amount":-5,"currency":"USD"}""", "amount")]
    [InlineData("""{"merchant":"m","paymentId":"p","amount":1.5,"currency":"USD"}""", "amount")]
    [InlineData("""{"merchant":"m","paymentId":"p","amount":1,"currency":"usd"}""", "currency")]
    [InlineData("""{"merchant":"m","paymentId":"p","amount":1,"currency":"USD","paymentMethod":""}""", "paymentMethod")]
    [InlineData("""[]""", "body")]
    [InlineData("""{""", "body")]
    [InlineData("null", "body")]
    public async Task Charge_BodyMakesNoSense_IsRefusedByNameAndLeavesTheKeyFree(string body, string named)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/charges") { Content = new StringContent(body) };
        request.Headers.Add("Idempotency-Key", "k");

        using var answer = await gateway.Http.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.JsonAsync()).Text("message")!.ShouldContain(named);
        (await gateway.ChargeAsync("k")).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Clear_AfterCharges_TheSameKeyChargesAnewAndStaysSoAfterARestart()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.ChargeAsync("k");

        (await gateway.Http.DeleteAsync("/")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await gateway.StopAsync();
        await gateway.StartAgainAsync();

        (await gateway.ListAsync("/charges")).ShouldBeEmpty();
        (await gateway.ChargeAsync("k")).StatusCode.ShouldBe(HttpStatusCode.Created);
    }
}
