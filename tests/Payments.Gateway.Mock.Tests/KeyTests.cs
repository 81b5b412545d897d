using System.Net;

namespace Payments.Gateway.Mock.Tests;

public sealed class KeyTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("m:payment-1:charge:1")]
    [InlineData("a/b")]
    [InlineData("a%2Fb")]
    [InlineData("a%252Fb")]
    [InlineData("per%cent?query#hash")]
    public async Task Find_KeyOfAnyShape_IsTheOneThatCharged(string key)
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.ChargeAsync(key);

        var found = await gateway.JsonAsync("/keys/" + Uri.EscapeDataString(key));

        found.Text("key").ShouldBe(key);
        (await gateway.Http.GetAsync("/keys/" + Uri.EscapeDataString(key + "x"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Void_KeyNeverSeen_RefusesALaterChargeEvenAfterARestart()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var voided = await gateway.Http.DeleteAsync("/keys/k");
        voided.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await voided.JsonAsync()).Text("status").ShouldBe("voided");
        await gateway.StopAsync();
        await gateway.StartAgainAsync();

        using var late = await gateway.ChargeAsync("k");
        late.StatusCode.ShouldBe(HttpStatusCode.Gone);
        (await late.JsonAsync()).Text("status").ShouldBe("voided");
        (await gateway.ListAsync("/charges")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("tok_success", 409, "captured")]
    [InlineData("tok_declined", 200, "declined")]
    public async Task Void_KeyThatStandsForSomething_SaysWhat(string token, int status, string what)
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.ChargeAsync("k", token);

        using var answer = await gateway.Http.DeleteAsync("/keys/k");

        ((int)answer.StatusCode).ShouldBe(status);
        (await answer.JsonAsync()).Text("status").ShouldBe(what);
    }

    [Fact]
    public async Task Void_WhileTheChargeIsHeld_WinsAndTheLateChargeIsRefused()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.SetFaultsAsync(new { rules = new[] { new { action = "hold", gate = "g" } } });
        var held = gateway.ChargeAsync("k");
        (await gateway.Http.GetAsync("/gates/g?waiting=1")).EnsureSuccessStatusCode();

        (await gateway.Http.DeleteAsync("/keys/k")).EnsureSuccessStatusCode();
        await gateway.Http.PostAsync("/gates/g/release", null);

        (await held).StatusCode.ShouldBe(HttpStatusCode.Gone);
        (await gateway.ListAsync("/charges")).ShouldBeEmpty();
    }
}
