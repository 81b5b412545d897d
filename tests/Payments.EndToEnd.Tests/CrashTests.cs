using Payments.Lab.Processes;
using Payments.Lab.Traffic;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Payments.EndToEnd.Tests;

/// <summary>
/// Each process is killed while the gateway holds three moments open: a charge has arrived, a charge is made and nobody was told, a refund is made and nobody
/// was told.
/// </summary>
public sealed class CrashTests(LabFixture fixture) : IClassFixture<LabFixture>
{
    [Theory]
    [InlineData(ProcessNames.Worker)]
    [InlineData(ProcessNames.Server)]
    [InlineData(ProcessNames.Ingress)]
    [InlineData(ProcessNames.Gateway)]
    public async Task Kill_AtHeldMoments_TheSameKeysGetTheirOutcomesAndMoneyMovedOnce(string process)
    {
        var (asked, charged, refunded) = ($"{process}-asked", $"{process}-charged", $"{process}-refunded");
        (await fixture.UntilAnsweredAsync(refunded)).Paid.ShouldBeTrue();
        await fixture.HoldAsync((asked, "charge", false), (charged, "charge", true), (refunded, "refund", true));
        Task[] waiting = [FirstCallAsync(Create(asked)), FirstCallAsync(Create(charged)), FirstCallAsync(Refund(refunded))];
        await Task.WhenAll(fixture.HeldAsync(asked), fixture.HeldAsync(charged), fixture.HeldAsync(refunded));

        // The gateway takes its plan with it, and nothing can end while it is away; any other process dies while its requests are held.
        await fixture.CrashAsync(process, process == ProcessNames.Gateway ? () => UntilPendingAsync(charged) : fixture.ReleaseAsync);
        var answers = await Task.WhenAll(
            fixture.UntilAnsweredAsync(asked), fixture.UntilAnsweredAsync(charged), fixture.UntilRefundedAsync(refunded, refunded + "-refund", 4_000));

        answers.ShouldAllBe(answer => answer.Paid, string.Join('\n', answers.Select(answer => answer.Body)));
        (await fixture.MoneyAsync(asked)).ShouldBe((1, 10_000, 0));
        (await fixture.MoneyAsync(charged)).ShouldBe((1, 10_000, 0));
        (await fixture.MoneyAsync(refunded)).ShouldBe((1, 10_000, 4_000));
        await Task.WhenAll(waiting);
    }

    [Fact]
    public async Task Kill_TheServerWithNothingInFlight_WhatWasPaidIsReplayed()
    {
        var first = await fixture.UntilAnsweredAsync("before-the-crash");

        await fixture.CrashAsync(ProcessNames.Server);
        // Its cache is not what answers.
        await fixture.CrashAsync(ProcessNames.Ingress);
        var again = await fixture.UntilAnsweredAsync("before-the-crash");

        again.Replayed.ShouldBeTrue();
        again["transactionId"]!.GetValue<string>().ShouldBe(first["transactionId"]!.GetValue<string>());
        (await fixture.Ledger.ChargesOfAsync("before-the-crash")).ShouldBe(1);
    }

    [Fact]
    public async Task Send_AcknowledgedWithTheWorkerDown_SurvivesTheServersDeath()
    {
        const string Body = """{"amount":10000,"currency":"USD"}""";
        await fixture.Lab[ProcessNames.Worker].KillAsync();

        var sent = await fixture.Caller.PostAsync("/PaymentService/sent/Create/send", "sent", Body);
        sent.Status.ShouldBe(202, sent.Body);
        await fixture.Lab[ProcessNames.Server].KillAsync();
        await fixture.Lab[ProcessNames.Server].StartAsync();
        await fixture.Lab[ProcessNames.Worker].StartAsync();
        await fixture.Lab.ReadyAsync();

        // Nobody asks for it again: what was acknowledged happens by itself.
        await LabFixture.UntilAsync(() => "the payment is charged", async _ => await fixture.Ledger.ChargesOfAsync("sent") == 1);
        var answer = await LabFixture.UntilAnsweredAsync("sent", cancellation => fixture.Caller.PostAsync("/PaymentService/sent/Create", "sent", Body, cancellation));
        (answer.Status, answer.Replayed).ShouldBe((200, true), answer.Body);
        (await fixture.Ledger.ChargesOfAsync("sent")).ShouldBe(1);
    }

    [Fact]
    public async Task Kill_TheServerBetweenAdmissionAndAcceptance_TheRetryIsChargedOnce()
    {
        // Without a worker nothing is ever accepted: the update is no more than a thought in the server's memory.
        await fixture.Lab[ProcessNames.Worker].KillAsync();
        var waiting = FirstCallAsync(Create("admitted"));
        var client = await TemporalClient.ConnectAsync(new(fixture.Lab.Addresses.ServerGrpc));
        await LabFixture.UntilAsync(() => "the payment's workflow exists", async _ => await ExistsAsync(client, "payment/default/admitted"));

        await fixture.CrashAsync(ProcessNames.Server, () => fixture.Lab[ProcessNames.Worker].StartAsync());
        var answer = await fixture.UntilAnsweredAsync("admitted");

        answer.Paid.ShouldBeTrue(answer.Body);
        (await fixture.Ledger.ChargesOfAsync("admitted")).ShouldBe(1);
        await waiting;
    }

    [Fact]
    public async Task Terminate_ThePaymentsWorkflow_ItsIdCreatedAnewDoesNotChargeAgain()
    {
        var first = await fixture.UntilAnsweredAsync("terminated");
        var client = await TemporalClient.ConnectAsync(new(fixture.Lab.Addresses.ServerGrpc));

        await client.GetWorkflowHandle("payment/default/terminated").TerminateAsync("as an operator might");
        // Another key, so that no record of the first call can answer: a new run begins, and finds its payment at the gateway.
        var anew = await LabFixture.UntilAnsweredAsync(
            "another-key", cancellation => fixture.Caller.CreateAsync("terminated", "another-key", 10_000, cancellation: cancellation));

        anew.Paid.ShouldBeTrue(anew.Body);
        anew["transactionId"]!.GetValue<string>().ShouldBe(first["transactionId"]!.GetValue<string>());
        (await fixture.MoneyAsync("terminated")).ShouldBe((1, 10_000, 0));
    }

    [Fact]
    public async Task Server_Unreachable_Is503AndChargesNothing()
    {
        await fixture.Lab[ProcessNames.Server].KillAsync();

        var answer = await fixture.Caller.CreateAsync("unreachable", "unreachable", 10_000);
        using var ready = await fixture.Http.GetAsync(fixture.Lab.Addresses.Ingress + "/health/ready");

        (answer.Status, answer.Retry).ShouldBe((503, true), answer.Body);
        answer["source"]!.GetValue<string>().ShouldBe("ingress");
        ((int)ready.StatusCode).ShouldBe(503);
        (await fixture.Ledger.ChargesOfAsync("unreachable")).ShouldBe(0);
        await fixture.Lab[ProcessNames.Server].StartAsync();
        await fixture.Lab.ReadyAsync();
        (await fixture.UntilAnsweredAsync("unreachable")).Paid.ShouldBeTrue();
        (await fixture.Ledger.ChargesOfAsync("unreachable")).ShouldBe(1);
    }

    private Func<Task<PaymentAnswer>> Create(string id) => () => fixture.Caller.CreateAsync(id, id, 10_000);

    private Func<Task<PaymentAnswer>> Refund(string id) => () => fixture.Caller.PostAsync($"/PaymentService/{id}/Refund", id + "-refund", """{"amount":4000}""");

    // The caller whose process is killed may lose its connection; what counts is what a retry gets.
    private static async Task FirstCallAsync(Func<Task<PaymentAnswer>> call)
    {
        try
        {
            await call();
        }
        catch (HttpRequestException)
        {
            // The ingress died under it.
        }
    }

    private Task UntilPendingAsync(string id) => LabFixture.UntilAsync(
        () => $"{id} shows that nobody knows", async _ => await fixture.StatusAsync(id) == "pending_reconciliation");

    private static async Task<bool> ExistsAsync(ITemporalClient client, string workflowId)
    {
        try
        {
            await client.GetWorkflowHandle(workflowId).DescribeAsync();
            return true;
        }
        catch (RpcException e) when (e.Code == RpcException.StatusCode.NotFound)
        {
            return false;
        }
    }
}
