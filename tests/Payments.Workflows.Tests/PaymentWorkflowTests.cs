using Temporalio.Api.Enums.V1;
using Temporalio.Exceptions;
using static Payments.Workflows.Tests.PaymentFixture;

namespace Payments.Workflows.Tests;

public class PaymentWorkflowTests
{
    [Fact]
    public async Task Create_FiveCallsWithOneKey_OneExecutionOneUpdateAcceptedOneCharge()
    {
        await using var fixture = await StartAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => fixture.CreateAsync("p1", CreateOf(Call("k1")))));

        outcomes.Select(o => o.Nonce).Distinct().Count().ShouldBe(1);
        outcomes.ShouldAllBe(o => o.Code == OutcomeCodes.Captured && o.Payment.TransactionId == "ch_test:p1:charge:1");
        fixture.Gateway.Charged.ShouldBe(["test:p1:charge:1"]);
        var history = await fixture.Payment("p1").FetchHistoryAsync();
        history.Events.Count(e => e.EventType == EventType.WorkflowExecutionUpdateAccepted).ShouldBe(1);
    }

    [Fact]
    public async Task Create_OtherBodyUnderTheKey_RefusedWithBothFingerprintsAndNoTrace()
    {
        await using var fixture = await StartAsync();
        await fixture.CreateAsync("p1", CreateOf(Call("k1")));
        var before = (await fixture.Payment("p1").FetchHistoryAsync()).Events.Count;

        var refusal = await RefusalOf(() => fixture.CreateAsync("p1", CreateOf(Call("k1", "2222222222222222"), 20_000)));

        refusal.ShouldSatisfyAllConditions(
            r => r.Code.ShouldBe(OutcomeCodes.KeyReused),
            r => r.ExpectedFingerprint.ShouldBe("1111111111111111"),
            r => r.ActualFingerprint.ShouldBe("2222222222222222"));
        (await fixture.Payment("p1").FetchHistoryAsync()).Events.Count.ShouldBe(before);
    }

    [Fact]
    public async Task Create_OtherKey_InProgressThenExists()
    {
        await using var fixture = await StartAsync(timeSkipping: false);
        fixture.Gateway.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = fixture.CreateAsync("p1", CreateOf(Call("k1")));
        await fixture.Gateway.Arrived.Task;

        (await RefusalOf(() => fixture.CreateAsync("p1", CreateOf(Call("k2"))))).Code.ShouldBe(OutcomeCodes.InProgress);
        fixture.Gateway.Gate.SetResult();
        await first;
        (await RefusalOf(() => fixture.CreateAsync("p1", CreateOf(Call("k2"))))).Code.ShouldBe(OutcomeCodes.PaymentExists);

        fixture.Gateway.Charged.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Create_Declined_ReplayedUnderItsKeyAndNewKeyTriesAgain()
    {
        await using var fixture = await StartAsync();

        var declined = await fixture.CreateAsync("p1", CreateOf(Call("k1"), token: "tok_declined"));
        var replayed = await fixture.CreateAsync("p1", CreateOf(Call("k1"), token: "tok_declined"));
        var second = await fixture.CreateAsync("p1", CreateOf(Call("k2")));

        declined.Code.ShouldBe(OutcomeCodes.Declined);
        replayed.Nonce.ShouldBe(declined.Nonce);
        second.Code.ShouldBe(OutcomeCodes.Captured);
        fixture.Gateway.Charged.ShouldBe(["test:p1:charge:2"]);
        fixture.Gateway.Calls("charge").ShouldBe(2);
    }

    [Fact]
    public async Task Create_OutcomeUnknown_LookedUpByKeyAndChargedOnce()
    {
        await using var fixture = await StartAsync();

        var outcome = await fixture.CreateAsync("p1", CreateOf(Call("k1"), token: "tok_500_after_charge"));

        outcome.Code.ShouldBe(OutcomeCodes.Captured);
        fixture.Gateway.Charged.Count.ShouldBe(1);
        fixture.Gateway.Calls("find").ShouldBe(1);
    }

    [Fact]
    public async Task Create_LookUpFindsNothingAtFirst_NotFoundIsNeverFinal()
    {
        await using var fixture = await StartAsync();
        fixture.Gateway.BlindLookups = 3;

        var outcome = await fixture.CreateAsync("p1", CreateOf(Call("k1"), token: "tok_500_after_charge"));

        outcome.Code.ShouldBe(OutcomeCodes.Captured);
        fixture.Gateway.Charged.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Create_GatewayAwayForAWhile_RetriedUnderTheSameKey()
    {
        await using var fixture = await StartAsync();

        (await fixture.CreateAsync("p1", CreateOf(Call("k1"), token: "tok_fail_4"))).Code.ShouldBe(OutcomeCodes.Captured);

        fixture.Gateway.Calls("charge").ShouldBe(5);
        fixture.Gateway.Charged.ShouldBe(["test:p1:charge:1"]);
    }

    [Fact]
    public async Task Create_AfterTermination_CapturedByTheFormerLifeIsNotChargedAgain()
    {
        await using var fixture = await StartAsync();
        await fixture.CreateAsync("p1", CreateOf(Call("k1")));
        await fixture.Payment("p1").TerminateAsync("lost");

        var outcome = await fixture.CreateAsync("p1", CreateOf(Call("k2")));

        outcome.Code.ShouldBe(OutcomeCodes.Captured);
        fixture.Gateway.Charged.ShouldBe(["test:p1:charge:1"]);
    }

    [Fact]
    public async Task Create_AfterTermination_OtherAmountCapturedBefore_ExistsAndTellsTheTruth()
    {
        await using var fixture = await StartAsync();
        await fixture.CreateAsync("p1", CreateOf(Call("k1")));
        await fixture.Payment("p1").TerminateAsync("lost");

        var outcome = await fixture.CreateAsync("p1", CreateOf(Call("k2"), amount: 5));

        outcome.Code.ShouldBe(OutcomeCodes.PaymentExists);
        outcome.Payment.Amount.ShouldBe(10_000);
        fixture.Gateway.Charged.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Create_DeclineOfAnotherLife_SteppedOver()
    {
        await using var fixture = await StartAsync();
        fixture.Gateway.Remember("test:p1:charge:1", new ChargeResult(ChargeResult.Declined, Code: "card_declined", Owner: "another life", Amount: 10_000, Currency: "USD"));

        (await fixture.CreateAsync("p1", CreateOf(Call("k1")))).Code.ShouldBe(OutcomeCodes.Captured);

        fixture.Gateway.Charged.ShouldBe(["test:p1:charge:2"]);
    }

    [Fact]
    public async Task Cancel_WhileTheChargeIsOnItsWay_VoidedAndNeverCharged()
    {
        await using var fixture = await StartAsync(timeSkipping: false);
        fixture.Gateway.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var create = fixture.CreateAsync("p1", CreateOf(Call("k1")));
        await fixture.Gateway.Arrived.Task;

        var cancelled = await fixture.CancelAsync("p1", Call("c1"));
        fixture.Gateway.Gate.SetResult();

        cancelled.Code.ShouldBe(OutcomeCodes.Cancelled);
        (await create).Code.ShouldBe(OutcomeCodes.PaymentCancelled);
        fixture.Gateway.Charged.ShouldBeEmpty();
        (await RefusalOf(() => fixture.CreateAsync("p1", CreateOf(Call("k2"))))).Code.ShouldBe(OutcomeCodes.PaymentCancelled);
    }

    [Fact]
    public async Task Cancel_FromTheInspector_SameAsTheRoute()
    {
        await using var fixture = await StartAsync(timeSkipping: false);
        fixture.Gateway.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var create = fixture.CreateAsync("p1", CreateOf(Call("k1")));
        await fixture.Gateway.Arrived.Task;

        await fixture.Payment("p1").CancelAsync();

        (await create).Code.ShouldBe(OutcomeCodes.PaymentCancelled);
        fixture.Gateway.Gate.SetResult();
        fixture.Gateway.Charged.ShouldBeEmpty();
    }

    [Fact]
    public async Task Cancel_Captured_RefusedAndStaysCaptured()
    {
        await using var fixture = await StartAsync();
        await fixture.CreateAsync("p1", CreateOf(Call("k1")));

        (await RefusalOf(() => fixture.CancelAsync("p1", Call("c1")))).Code.ShouldBe(OutcomeCodes.PaymentCaptured);
        await fixture.Payment("p1").CancelAsync();

        (await fixture.StatusAsync("p1"))!.Status.ShouldBe(PaymentStatuses.Captured);
    }

    [Fact]
    public async Task Refund_ConcurrentKeys_NeverAboveTheCapturedAmount()
    {
        await using var fixture = await StartAsync(timeSkipping: false);
        await fixture.CreateAsync("p1", CreateOf(Call("k1")));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => fixture.RefundAsync("p1", Call("r" + i), 3_000)));

        outcomes.Count(o => o.Code == OutcomeCodes.Refunded).ShouldBe(3);
        outcomes.Count(o => o.Code == OutcomeCodes.RefundExceedsPayment).ShouldBe(2);
        fixture.Gateway.Refunded.Count.ShouldBe(3);
        (await fixture.StatusAsync("p1"))!.Refunded.ShouldBe(9_000);
        (await fixture.RefundAsync("p1", Call("rest"))).Refund!.Amount.ShouldBe(1_000);
        (await fixture.StatusAsync("p1"))!.Status.ShouldBe(PaymentStatuses.Refunded);
    }

    [Fact]
    public async Task Refund_SameKeyTwice_GivenBackOnce()
    {
        await using var fixture = await StartAsync();
        await fixture.CreateAsync("p1", CreateOf(Call("k1")));

        var first = await fixture.RefundAsync("p1", Call("r1"), 1_000);
        var second = await fixture.RefundAsync("p1", Call("r1"), 1_000);

        second.ShouldBe(first);
        fixture.Gateway.Calls("refund").ShouldBe(1);
    }

    [Theory]
    [InlineData("tok_declined", OutcomeCodes.Declined)]
    public async Task Refund_NothingCaptured_RefusedWithAReason(string token, string code)
    {
        await using var fixture = await StartAsync();
        await fixture.CreateAsync("p1", CreateOf(Call("k1"), token: token));

        (await RefusalOf(() => fixture.RefundAsync("p1", Call("r1")))).Code.ShouldBe(code);
    }

    [Fact]
    public async Task Submit_ThenUpdateWithTheSameKey_ExecutesOnce()
    {
        await using var fixture = await StartAsync();
        var command = CreateOf(Call("k1"));
        await fixture.SubmitAsync("p1", command, TimeSpan.Zero);

        var outcome = await fixture.CreateAsync("p1", CreateOf(Call("k1")));

        outcome.Nonce.ShouldBe(command.Call.Nonce);
        fixture.Gateway.Calls("charge").ShouldBe(1);
    }

    [Fact]
    public async Task Submit_WithDelay_ChargesWhenItIsTime()
    {
        await using var fixture = await StartAsync();
        await fixture.SubmitAsync("p1", CreateOf(Call("k1")), TimeSpan.FromHours(3));
        var submitted = await fixture.Environment.GetCurrentTimeAsync();
        (await fixture.StatusAsync("p1"))!.Status.ShouldBe(PaymentStatuses.Scheduled);

        var create = fixture.CreateAsync("p1", CreateOf(Call("k1")));
        // Waiting for an update does not make time jump, in any SDK: the test does.
        await fixture.Environment.DelayAsync(TimeSpan.FromHours(3));
        var outcome = await create;

        outcome.Code.ShouldBe(OutcomeCodes.Captured);
        (outcome.Payment.ProcessedAt! - submitted).Value.ShouldBeGreaterThan(TimeSpan.FromHours(2));
    }

    [Fact]
    public async Task Key_AfterItsLifetime_SameBodyReplaysAndOtherBodyCannotCharge()
    {
        await using var fixture = await StartAsync();
        var first = await fixture.CreateAsync("p1", CreateOf(Call("k1")));
        await fixture.Environment.DelayAsync(TimeSpan.FromHours(25));

        (await fixture.CreateAsync("p1", CreateOf(Call("k1")))).Nonce.ShouldBe(first.Nonce);
        (await RefusalOf(() => fixture.CreateAsync("p1", CreateOf(Call("k1", "2222222222222222"), 7)))).Code.ShouldBe(OutcomeCodes.PaymentExists);
        fixture.Gateway.Charged.Count.ShouldBe(1);
    }

    [Fact]
    public async Task RefundWindow_AfterItsEnd_CompletedAndTheIdStaysTaken()
    {
        await using var fixture = await StartAsync();
        await fixture.CreateAsync("p1", CreateOf(Call("k1")));
        var opened = await fixture.Environment.GetCurrentTimeAsync();

        await fixture.ResultAsync("p1", TimeSpan.FromDays(180));

        (await fixture.Environment.GetCurrentTimeAsync() - opened).ShouldBeGreaterThan(TimeSpan.FromDays(179));
        await Should.ThrowAsync<WorkflowAlreadyStartedException>(() => fixture.CreateAsync("p1", CreateOf(Call("k2"))));
        var answer = await fixture.Payment("p1").QueryAsync<Answer>(PaymentWorkflow.Ask, [PaymentWorkflow.Create, Call("k1").KeyHash, null]);
        answer.Record!.Outcome!.Code.ShouldBe(OutcomeCodes.Captured);
    }

    [Fact]
    public async Task Declined_AfterTheKeysLifetime_FailedAndTheIdIsFree()
    {
        await using var fixture = await StartAsync();
        await fixture.CreateAsync("p1", CreateOf(Call("k1"), token: "tok_declined"));

        await Should.ThrowAsync<WorkflowFailedException>(() => fixture.ResultAsync("p1", TimeSpan.FromHours(24)));

        (await fixture.CreateAsync("p1", CreateOf(Call("k2")))).Code.ShouldBe(OutcomeCodes.Captured);
        fixture.Gateway.Charged.ShouldBe(["test:p1:charge:2"]);
    }

    private static async Task<Refusal> RefusalOf(Func<Task<PaymentOutcome>> call)
    {
        var failed = await Should.ThrowAsync<WorkflowUpdateFailedException>(call);
        var failure = failed.InnerException.ShouldBeOfType<ApplicationFailureException>();
        failure.ErrorType.ShouldBe(Refusal.ErrorType);
        return failure.Details.ElementAt<Refusal>(0);
    }
}
