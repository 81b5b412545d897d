using System.Text.Json.Nodes;

namespace Payments.EndToEnd.Tests;

/// <summary>What a new user does and sees.</summary>
[Collection(QuietLab.Name)]
public sealed class OneChargeTests(LabFixture fixture)
{
    [Fact]
    public async Task Create_Twice_IsOnePaymentAndAReplay()
    {
        var first = await fixture.Caller.CreateAsync("payment-123", "unique-key-123", 10_000);
        var second = await fixture.Caller.CreateAsync("payment-123", "unique-key-123", 10_000);

        first.Status.ShouldBe(201, first.Body);
        second.Status.ShouldBe(200, second.Body);
        (first.Replayed, second.Replayed).ShouldBe((false, true));
        var (a, b) = (JsonNode.Parse(first.Body)!, JsonNode.Parse(second.Body)!);
        a["cached"]!.GetValue<bool>().ShouldBeFalse();
        b["cached"]!.GetValue<bool>().ShouldBeTrue();
        b["cached"] = false;
        b.ToJsonString().ShouldBe(a.ToJsonString());
        (await fixture.Ledger.ChargesOfAsync("payment-123")).ShouldBe(1);

        (await fixture.StatusAsync("payment-123")).ShouldBe("captured");
    }

    [Fact]
    public async Task Create_Declined_IsDeclinedAgainFromTheRecord()
    {
        var first = await fixture.Caller.CreateAsync("declined", "declined", 10_000, "tok_insufficient_funds");
        var second = await fixture.Caller.CreateAsync("declined", "declined", 10_000, "tok_insufficient_funds");

        (first.Status, first.Replayed).ShouldBe((402, false));
        (second.Status, second.Replayed).ShouldBe((402, true));
        second.Body.ShouldBe(first.Body);
        (await AttemptsAsync("declined")).ShouldBe(1);
        (await fixture.Ledger.ChargesOfAsync("declined")).ShouldBe(0);
    }

    [Theory]
    [InlineData("bad-json", "k", "{", "body")]
    [InlineData("no-amount", "k", """{"currency":"USD"}""", "amount")]
    [InlineData("negative", "k", """{"amount":-1,"currency":"USD"}""", "amount")]
    [InlineData("unknown-currency", "k", """{"amount":1,"currency":"QQQ"}""", "currency")]
    [InlineData("malformed-key", "\u0001", """{"amount":1,"currency":"USD"}""", "key")]
    public async Task Create_ThatMakesNoSense_IsRefusedByNameAndReachesNobody(string id, string key, string body, string named)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{fixture.Lab.Addresses.Ingress}/PaymentService/{id}/Create")
        {
            Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key == "\u0001" ? "with space" : key);

        using var answer = await fixture.Http.SendAsync(request);

        ((int)answer.StatusCode).ShouldBe(400);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await answer.Content.ReadAsStringAsync()).ShouldContain(named, Case.Insensitive);
        (await AttemptsAsync(id)).ShouldBe(0);
    }

    [Fact]
    public async Task Create_TwentyAtOnceUnderOneKey_IsOneChargeAndTwentyEqualAnswers()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => fixture.Caller.CreateAsync("parallel", "parallel", 10_000, "tok_slow_200")));

        answers.ShouldAllBe(answer => answer.Paid, string.Join('\n', answers.Select(a => $"{a.Status} {a.Body}")));
        answers.Count(answer => !answer.Replayed).ShouldBe(1);
        answers.Select(answer => answer["transactionId"]!.GetValue<string>()).Distinct().ShouldHaveSingleItem();
        (await AttemptsAsync("parallel")).ShouldBe(1);
    }

    [Theory]
    [InlineData("tok_fail_3")]
    [InlineData("tok_500_after_charge")]
    [InlineData("tok_drop_after_charge")]
    [InlineData("tok_hang")]
    public async Task Create_GatewayIsUnsure_EndsPaidOnce(string token)
    {
        var answer = await fixture.UntilAnsweredAsync("unsure-" + token, token);

        answer.Paid.ShouldBeTrue(answer.Body);
        (await fixture.Ledger.ChargesOfAsync("unsure-" + token)).ShouldBe(1);
    }

    [Fact]
    public async Task Refund_AnswerOfTheGatewayIsLost_GivesBackOnce()
    {
        await fixture.UntilAnsweredAsync("lost-refund");
        await fixture.FaultAsync(new { paymentId = "lost-refund", operation = "refund", action = "drop-after", times = 1 });

        var refund = await fixture.UntilRefundedAsync("lost-refund", "lost-refund-1", 4_000);

        refund.Paid.ShouldBeTrue(refund.Body);
        (await fixture.MoneyAsync("lost-refund")).ShouldBe((1, 10_000, 4_000));
    }

    [Fact]
    public async Task Create_TwoKeysAtOnceOnOnePayment_ChargesOnce()
    {
        var answers = await Task.WhenAll(
            fixture.Caller.CreateAsync("two-keys", "key-a", 10_000, "tok_slow_200"),
            fixture.Caller.CreateAsync("two-keys", "key-b", 10_000, "tok_slow_200"));

        answers.Select(answer => answer.Status).Order().ShouldBe([201, 409]);
        (await fixture.Ledger.ChargesOfAsync("two-keys")).ShouldBe(1);
    }

    [Fact]
    public async Task Refund_TwentyAtOnce_NeverExceedThePayment()
    {
        await fixture.Caller.CreateAsync("refunds", "refunds", 10_000);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => fixture.UntilRefundedAsync("refunds", $"refund-{i}", 3_000)));

        answers.Count(answer => answer.Paid).ShouldBe(3);
        answers.Count(answer => answer.Status == 409).ShouldBe(17);
        var payment = await fixture.JsonAsync(fixture.Lab.Addresses.Gateway + "/payments/refunds");
        payment["refunded"]!.GetValue<long>().ShouldBe(9_000);
    }

    private async Task<int> AttemptsAsync(string paymentId) =>
        ((JsonArray)await fixture.JsonAsync($"{fixture.Lab.Addresses.Gateway}/attempts?paymentId={paymentId}")).Count;
}
