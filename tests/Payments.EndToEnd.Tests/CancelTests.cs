namespace Payments.EndToEnd.Tests;

/// <summary>A cancel at each step of a payment. Whatever it meets: either the money did not move, or it moved and the caller was told so; never in between.</summary>
[Collection(QuietLab.Name)]
public sealed class CancelTests(LabFixture fixture)
{
    [Fact]
    public async Task Cancel_BeforeThereIsAPayment_IsNotFoundAndTheNextCreateCharges()
    {
        var cancel = await CancelAsync("cancel-early");

        cancel.Status.ShouldBe(404, cancel.Body);
        (await fixture.UntilAnsweredAsync("cancel-early")).Status.ShouldBe(201);
        (await fixture.MoneyAsync("cancel-early")).ShouldBe((1, 10_000, 0));
    }

    [Fact]
    public async Task Cancel_WhileTheChargeIsOnItsWay_VoidsTheKeyAndTheLateChargeIsRefused()
    {
        await fixture.HoldAsync("cancel-held", charged: false);
        var paying = fixture.Caller.CreateAsync("cancel-held", "cancel-held", 10_000);
        await fixture.HeldAsync("cancel-held");

        var cancel = await CancelAsync("cancel-held");
        await fixture.ReleaseAsync();

        cancel.Status.ShouldBe(200, cancel.Body);
        (await paying).Paid.ShouldBeFalse();
        (await fixture.UntilAnsweredAsync("cancel-held")).Paid.ShouldBeFalse();
        // The late request has been answered, and its answer was "voided".
        await LabFixture.UntilAsync(() => "the late charge is refused", async _ => (await AttemptsAsync("cancel-held")).Contains("voided"));
        (await fixture.MoneyAsync("cancel-held")).ShouldBe((0, 0, 0));
    }

    [Fact]
    public async Task Cancel_WhenChargedAndNobodyWasTold_EitherIsRefusedOrGivesTheMoneyBack()
    {
        await fixture.HoldAsync("cancel-charged", charged: true);
        var paying = fixture.Caller.CreateAsync("cancel-charged", "cancel-charged", 10_000);
        await fixture.HeldAsync("cancel-charged");

        var cancelling = CancelAsync("cancel-charged");
        await fixture.ReleaseAsync();
        var cancel = await cancelling;
        var payment = await paying;

        var money = await fixture.MoneyAsync("cancel-charged");
        money.Charges.ShouldBe(1);
        if (cancel.Status == 409)
        {
            cancel["code"]!.GetValue<string>().ShouldBe("payment-captured");
            payment.Paid.ShouldBeTrue(payment.Body);
            money.Refunded.ShouldBe(0);
        }
        else
        {
            cancel.Status.ShouldBe(200, cancel.Body);
            payment.Paid.ShouldBeFalse(payment.Body);
            money.Refunded.ShouldBe(money.Charged);
        }
    }

    [Fact]
    public async Task Cancel_AfterTheCapture_IsRefused()
    {
        (await fixture.Caller.CreateAsync("cancel-late", "cancel-late", 10_000)).Status.ShouldBe(201);

        var cancel = await CancelAsync("cancel-late");

        (cancel.Status, cancel["code"]?.GetValue<string>(), cancel.Retry).ShouldBe((409, "payment-captured", false), cancel.Body);
        (await fixture.MoneyAsync("cancel-late")).ShouldBe((1, 10_000, 0));
        (await fixture.StatusAsync("cancel-late")).ShouldBe("captured");
    }

    [Fact]
    public async Task Cancel_AfterADecline_LeavesTheDeclineAsItIs()
    {
        (await fixture.Caller.CreateAsync("cancel-declined", "cancel-declined", 10_000, "tok_declined")).Status.ShouldBe(402);

        (await CancelAsync("cancel-declined")).Status.ShouldBe(200);

        var again = await fixture.Caller.CreateAsync("cancel-declined", "cancel-declined", 10_000, "tok_declined");
        (again.Status, again.Replayed).ShouldBe((402, true), again.Body);
        (await fixture.MoneyAsync("cancel-declined")).ShouldBe((0, 0, 0));
    }

    private Task<Lab.Traffic.PaymentAnswer> CancelAsync(string id) =>
        LabFixture.UntilAnsweredAsync("cancel of " + id, cancellation => fixture.Caller.PostAsync($"/PaymentService/{id}/Cancel", id + "-cancel", "{}", cancellation));

    private async Task<string[]> AttemptsAsync(string paymentId) =>
        [.. (await fixture.JsonAsync($"{fixture.Lab.Addresses.Gateway}/attempts?paymentId={paymentId}")).AsArray().Select(attempt => attempt!["outcome"]!.GetValue<string>())];
}
