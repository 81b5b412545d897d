using System.Net;
using System.Net.Http.Json;

namespace Payments.Gateway.Mock.Tests;

public sealed class FaultTests
{
    [Theory]
    [InlineData("fail", 503, 0, "unavailable")]
    [InlineData("drop", 0, 0, "dropped")]
    [InlineData("decline", 402, 0, "declined")]
    [InlineData("delay", 201, 1, "captured")]
    [InlineData("delay-after", 201, 1, "captured")]
    [InlineData("fail-after", 500, 1, "captured")]
    [InlineData("drop-after", 0, 1, "captured")]
    public async Task Rule_ActsOnceAndAsNamed(string action, int status, int charges, string outcome)
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.SetFaultsAsync(new { rules = new[] { new { action, times = 1, delayMs = 1 } } });

        if (status == 0)
        {
            await Should.ThrowAsync<HttpRequestException>(gateway.ChargeAsync("k"));
        }
        else
        {
            ((int)(await gateway.ChargeAsync("k")).StatusCode).ShouldBe(status);
        }

        (await gateway.ListAsync("/charges")).Count.ShouldBe(charges);
        (await gateway.ListAsync("/attempts")).Single().Text("outcome").ShouldBe(outcome);
        (await gateway.JsonAsync("/faults"))!["rules"]![0]!["fired"]!.GetValue<int>().ShouldBe(1);
        ((int)(await gateway.ChargeAsync("other")).StatusCode).ShouldBe(201);
    }

    [Theory]
    [InlineData("""{"action":"fail","paymentId":"payment-2"}""")]
    [InlineData("""{"action":"fail","key":"other"}""")]
    [InlineData("""{"action":"fail","operation":"refund"}""")]
    [InlineData("""{"action":"fail","merchant":"other"}""")]
    [InlineData("""{"action":"fail","paymentMethod":"tok_fraud"}""")]
    [InlineData("""{"action":"fail","times":0}""")]
    [InlineData("""{"action":"fail","probability":0}""")]
    public async Task Rule_ForOtherRequests_DoesNotAct(string rule)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var plan = new StringContent($$"""{"rules":[{{rule}}]}""");
        (await gateway.Http.PostAsync("/faults", plan)).EnsureSuccessStatusCode();

        ((int)(await gateway.ChargeAsync("k")).StatusCode).ShouldBe(201);
    }

    [Fact]
    public async Task Probability_WithASeed_ThrowsTheSameDiceAgain()
    {
        await using var gateway = await TestGateway.StartAsync();
        var runs = new List<string>();
        foreach (var run in new[] { "a", "b" })
        {
            await gateway.SetFaultsAsync(new { seed = 7, rules = new[] { new { action = "fail", probability = 0.5 } } });
            var seen = "";
            for (var i = 0; i < 40; i++)
            {
                seen += (await gateway.ChargeAsync($"{run}{i}")).IsSuccessStatusCode ? "+" : "-";
            }
            runs.Add(seen);
        }

        runs[0].ShouldBe(runs[1]);
        runs[0].ShouldContain("+");
        runs[0].ShouldContain("-");
    }

    [Fact]
    public async Task HoldAfter_UntilReleased_TheChargeIsMadeAndTheAnswerWaits()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.SetFaultsAsync(new { rules = new[] { new { action = "hold-after", gate = "charged", times = 1 } } });

        var held = gateway.ChargeAsync("k");
        (await gateway.Http.GetAsync("/gates/charged?waiting=1")).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await gateway.ListAsync("/charges")).Count.ShouldBe(1);
        held.IsCompleted.ShouldBeFalse();
        await gateway.Http.PostAsync("/gates/charged/release", null);
        (await held).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Hold_CallerGivesUp_TheChargeIsMadeWhenReleased()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.SetFaultsAsync(new { rules = new[] { new { action = "hold", gate = "g", times = 1 } } });
        using var patience = new CancellationTokenSource();
        var held = gateway.ChargeAsync("k", cancellation: patience.Token);
        await gateway.Http.GetAsync("/gates/g?waiting=1");
        await patience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(held);
        (await gateway.ListAsync("/charges")).ShouldBeEmpty();

        (await gateway.Http.DeleteAsync("/faults")).EnsureSuccessStatusCode();

        while ((await gateway.ListAsync("/charges")).Count == 0)
        {
            // The released request runs on its own; asking again is the wait.
        }
    }

    [Fact]
    public async Task Gate_NobodyComes_IsToldAfterTheTimeout()
    {
        await using var gateway = await TestGateway.StartAsync();

        (await gateway.Http.GetAsync("/gates/g?waiting=1&timeoutMs=1")).StatusCode.ShouldBe(HttpStatusCode.RequestTimeout);
    }

    [Theory]
    [InlineData("""{"rules":[{"action":"explode"}]}""", "rules[0]: action")]
    [InlineData("""{"rules":[{"action":"fail","probability":1.5}]}""", "probability")]
    [InlineData("""{"rules":[{"action":"hold"}]}""", "gate")]
    [InlineData("""{"rules":[{"action":"fail","status":200}]}""", "status")]
    [InlineData("""{"latency":{"minMs":5,"maxMs":1}}""", "latency")]
    [InlineData("""{"seed":"x"}""", "seed")]
    public async Task Plan_ThatMakesNoSense_IsRefusedByName(string plan, string named)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var body = new StringContent(plan);

        using var answer = await gateway.Http.PostAsync("/faults", body);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.JsonAsync()).Text("message")!.ShouldContain(named);
    }
}
