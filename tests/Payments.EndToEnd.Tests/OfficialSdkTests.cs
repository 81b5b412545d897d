using Payments.Lab.Processes;

namespace Payments.EndToEnd.Tests;

/// <summary>The payment code, unchanged, over Temporal's own SDK and this repository's server; counted in the ledger as everywhere.</summary>
public sealed class OfficialSdkTests(LabWithEitherSdk fixture) : IClassFixture<LabWithEitherSdk>
{
    [Fact]
    public async Task Payment_BegunWithOneSdk_IsReplayedAndGoesOnWithTheOther()
    {
        await fixture.UseAsync(officialSdk: false);
        var first = await fixture.UntilAnsweredAsync("from-ours");
        await fixture.UntilRefundedAsync("from-ours", "from-ours-1", 1_000);

        await fixture.UseAsync(officialSdk: true);
        var replay = await fixture.UntilAnsweredAsync("from-ours");
        (replay.Status, replay.Replayed, replay["transactionId"]!.GetValue<string>()).ShouldBe((200, true, first["transactionId"]!.GetValue<string>()), replay.Body);
        (await fixture.UntilRefundedAsync("from-ours", "from-ours-2", 2_000)).Status.ShouldBe(201);
        (await fixture.UntilAnsweredAsync("from-theirs")).Status.ShouldBe(201);

        await fixture.UseAsync(officialSdk: false);
        (await fixture.UntilAnsweredAsync("from-theirs")).Replayed.ShouldBeTrue();
        (await fixture.UntilRefundedAsync("from-theirs", "from-theirs-1", 1_000)).Status.ShouldBe(201);
        (await fixture.UntilRefundedAsync("from-ours", "from-ours-3", 7_000)).Status.ShouldBe(201);

        (await fixture.StatusAsync("from-ours")).ShouldBe("refunded");
        (await fixture.MoneyAsync("from-ours")).ShouldBe((1, 10_000, 10_000));
        (await fixture.MoneyAsync("from-theirs")).ShouldBe((1, 10_000, 1_000));
    }

    [Theory]
    [InlineData("tok_success", 201, 200, 1)]
    [InlineData("tok_declined", 402, 402, 0)]
    [InlineData("tok_fail_2", 201, 200, 1)]
    [InlineData("tok_500_after_charge", 201, 200, 1)]
    [InlineData("tok_drop_after_charge", 201, 200, 1)]
    public async Task Create_WithTheOfficialSdk_HasItsOutcomeOnceAndReplaysIt(string token, int first, int again, int charges)
    {
        await fixture.UseAsync(officialSdk: true);
        var id = "official-" + token;

        var created = await fixture.Caller.CreateAsync(id, id, 10_000, token);
        var replayed = await fixture.Caller.CreateAsync(id, id, 10_000, token);
        var other = await fixture.Caller.CreateAsync(id, id, 20_000, token);

        (created.Status, created.Replayed).ShouldBe((first, false), created.Body);
        (replayed.Status, replayed.Replayed).ShouldBe((again, true), replayed.Body);
        (other.Status, other["code"]?.GetValue<string>()).ShouldBe((422, "idempotency-key-reused"), other.Body);
        (await fixture.Ledger.ChargesOfAsync(id)).ShouldBe(charges);
    }

    [Fact]
    public async Task Metrics_OfEitherSdk_AreUnderTemporalsNames()
    {
        string[] ofWorker = ["temporal_activity_schedule_to_start_latency_bucket", "temporal_workflow_task_execution_latency_count", "temporal_worker_task_slots_available", "temporal_num_pollers"];
        string[] ofIngress = ["temporal_request_total", "temporal_request_latency_count"];
        foreach (var officialSdk in new[] { true, false })
        {
            await fixture.UseAsync(officialSdk);
            await fixture.UntilAnsweredAsync($"measured-{officialSdk}");

            // The official SDK hands its metrics over from time to time.
            foreach (var (address, names) in new[] { (fixture.Lab.Addresses.Worker, ofWorker), (fixture.Lab.Addresses.Ingress, ofIngress) })
            {
                foreach (var name in names)
                {
                    await LabFixture.UntilAsync(() => $"{name} is there, official: {officialSdk}", async cancellation =>
                        (await fixture.Http.GetStringAsync(address + "/metrics", cancellation)).Contains("\n" + name + "{", StringComparison.Ordinal));
                }
            }
        }
    }

    [Fact]
    public async Task Kill_TheOfficialWorkerAfterTheCharge_ChargesOnce()
    {
        await fixture.UseAsync(officialSdk: true);
        await fixture.HoldAsync("official-killed", charged: true);
        var waiting = fixture.Caller.CreateAsync("official-killed", "official-killed", 10_000);
        await fixture.HeldAsync("official-killed");

        await fixture[ProcessNames.Worker].KillAsync();
        await fixture.ReleaseAsync();
        await fixture.UseAsync(officialSdk: true);

        (await fixture.UntilAnsweredAsync("official-killed")).Paid.ShouldBeTrue();
        (await fixture.Ledger.ChargesOfAsync("official-killed")).ShouldBe(1);
        await waiting;
    }

    [Fact]
    public async Task Cancel_WithTheOfficialSdk_VoidsTheKeyAndTheLateChargeIsRefused()
    {
        await fixture.UseAsync(officialSdk: true);
        await fixture.HoldAsync("official-cancelled", charged: false);
        var paying = fixture.Caller.CreateAsync("official-cancelled", "official-cancelled", 10_000);
        await fixture.HeldAsync("official-cancelled");

        var cancel = await LabFixture.UntilAnsweredAsync(
            "the cancellation", cancellation => fixture.Caller.PostAsync("/PaymentService/official-cancelled/Cancel", "cancel", "{}", cancellation));
        await fixture.ReleaseAsync();

        cancel.Status.ShouldBe(200, cancel.Body);
        (await paying).Paid.ShouldBeFalse();
        (await fixture.UntilAnsweredAsync("official-cancelled"))["code"]!.GetValue<string>().ShouldBe("payment-cancelled");
        (await fixture.MoneyAsync("official-cancelled")).ShouldBe((0, 0, 0));
    }

    [Fact]
    public async Task Refund_TwentyAtOnceWithTheOfficialSdk_NeverExceedThePayment()
    {
        await fixture.UseAsync(officialSdk: true);
        await fixture.UntilAnsweredAsync("official-refunds");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => fixture.UntilRefundedAsync("official-refunds", $"official-refund-{i}", 3_000)));

        (answers.Count(answer => answer.Paid), answers.Count(answer => answer.Status == 409)).ShouldBe((3, 17));
        (await fixture.MoneyAsync("official-refunds")).ShouldBe((1, 10_000, 9_000));
    }
}
