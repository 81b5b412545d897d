using Payments.Lab.Processes;

namespace Payments.EndToEnd.Tests;

/// <summary>Each process is killed at a moment that the gateway holds open: the request has arrived, or it is charged and nobody was told.</summary>
public sealed class CrashTests(LabFixture fixture) : IClassFixture<LabFixture>
{
    [Theory]
    [InlineData(ProcessNames.Worker, false)]
    [InlineData(ProcessNames.Worker, true)]
    [InlineData(ProcessNames.Server, false)]
    [InlineData(ProcessNames.Server, true)]
    [InlineData(ProcessNames.Ingress, false)]
    [InlineData(ProcessNames.Ingress, true)]
    [InlineData(ProcessNames.Gateway, false)]
    [InlineData(ProcessNames.Gateway, true)]
    public async Task Kill_AtAHeldMoment_TheSameKeyGetsTheOutcomeAndTheLedgerOneCharge(string process, bool charged)
    {
        var id = $"crash-{process}-{charged}";
        await fixture.HoldAsync(id, charged);
        var waiting = FirstCallAsync(id);
        await fixture.HeldAsync(id);

        // The gateway takes its plan with it; any other process dies while its request is held.
        await fixture.CrashAsync(process, process == ProcessNames.Gateway ? null : fixture.ReleaseAsync);
        var answer = await fixture.UntilAnsweredAsync(id);

        answer.Paid.ShouldBeTrue(answer.Body);
        (await fixture.Ledger.ChargesOfAsync(id)).ShouldBe(1);
        await waiting;
    }

    [Fact]
    public async Task Kill_TheServerWithNothingInFlight_WhatWasPaidIsReplayed()
    {
        var first = await fixture.UntilAnsweredAsync("before-the-crash");

        await fixture.CrashAsync(ProcessNames.Server);
        await fixture.CrashAsync(ProcessNames.Ingress);
        var again = await fixture.UntilAnsweredAsync("before-the-crash");

        again.Replayed.ShouldBeTrue();
        again["transactionId"]!.GetValue<string>().ShouldBe(first["transactionId"]!.GetValue<string>());
        (await fixture.Ledger.ChargesOfAsync("before-the-crash")).ShouldBe(1);
    }

    [Fact]
    public async Task Send_AcknowledgedWithTheWorkerDown_SurvivesTheServersDeath()
    {
        await fixture.Lab[ProcessNames.Worker].KillAsync();

        var sent = await fixture.Caller.PostAsync("/PaymentService/sent/Create/send", "sent", """{"amount":10000,"currency":"USD"}""");
        sent.Status.ShouldBe(202, sent.Body);
        await fixture.Lab[ProcessNames.Server].KillAsync();
        await fixture.Lab[ProcessNames.Server].StartAsync();
        await fixture.Lab[ProcessNames.Worker].StartAsync();
        await fixture.Lab.ReadyAsync();

        var answer = await fixture.UntilAnsweredAsync("sent", amount: 10_000);
        answer.Status.ShouldBeOneOf(200, 422);
        (await fixture.Ledger.ChargesOfAsync("sent")).ShouldBe(1);
    }

    [Fact]
    public async Task Pause_TheWorkerBeyondItsTimeout_ChargesOnce()
    {
        await fixture.HoldAsync("paused", charged: true);
        var waiting = FirstCallAsync("paused");
        await fixture.HeldAsync("paused");

        fixture.Lab[ProcessNames.Worker].Pause();
        await fixture.ReleaseAsync();
        // Longer than the ten seconds that an activity has: the frozen worker wakes to a task that is no longer its own.
        await Task.Delay(TimeSpan.FromSeconds(11), TestContext.Current.CancellationToken);
        fixture.Lab[ProcessNames.Worker].Resume();

        (await fixture.UntilAnsweredAsync("paused")).Paid.ShouldBeTrue();
        (await fixture.Ledger.ChargesOfAsync("paused")).ShouldBe(1);
        await waiting;
    }

    [Fact]
    public async Task Server_Unreachable_Is503AndChargesNothing()
    {
        await fixture.Lab[ProcessNames.Server].KillAsync();

        var answer = await fixture.Caller.CreateAsync("unreachable", "unreachable", 10_000);
        using var ready = await fixture.Http.GetAsync(fixture.Lab.Addresses.Ingress + "/health/ready");

        answer.Status.ShouldBe(503, answer.Body);
        ((int)ready.StatusCode).ShouldBe(503);
        (await fixture.Ledger.ChargesOfAsync("unreachable")).ShouldBe(0);
        await fixture.Lab[ProcessNames.Server].StartAsync();
        await fixture.Lab.ReadyAsync();
        (await fixture.UntilAnsweredAsync("unreachable")).Paid.ShouldBeTrue();
        (await fixture.Ledger.ChargesOfAsync("unreachable")).ShouldBe(1);
    }

    [Fact]
    public async Task Every_Process_AnswersHealthReadyAndMetrics()
    {
        foreach (var child in fixture.Lab.Children)
        {
            var root = new Uri(child.Spec.Ready, "/");
            (await fixture.Http.GetAsync(new Uri(root, "health"))).IsSuccessStatusCode.ShouldBeTrue(child.Name);
            (await fixture.Http.GetAsync(new Uri(root, "health/ready"))).IsSuccessStatusCode.ShouldBeTrue(child.Name);
            if (child.Name != ProcessNames.Server)
            {
                (await fixture.Http.GetStringAsync(new Uri(root, "metrics"))).ShouldContain("# TYPE", customMessage: child.Name);
            }
        }
        await fixture.UntilAnsweredAsync("audited");
        (await fixture.Lab.AuditAsync()).Drift.ShouldBeLessThanOrEqualTo(0);
    }

    // The caller whose process is killed may lose its connection; what counts is what a retry gets.
    private async Task FirstCallAsync(string id)
    {
        try
        {
            await fixture.Caller.CreateAsync(id, id, 10_000);
        }
        catch (HttpRequestException)
        {
            // The ingress died under it.
        }
    }
}
