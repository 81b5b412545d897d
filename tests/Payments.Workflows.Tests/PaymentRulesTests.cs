namespace Payments.Workflows.Tests;

public class PaymentRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    // Key: new, same (as before), reused (another body), freed (another body after expiry), bound (as freed, but the key names the payment).
    [Theory]
    [InlineData(PaymentStatuses.Empty, "new", null)]
    [InlineData(PaymentStatuses.Declined, "new", null)]
    [InlineData(PaymentStatuses.Scheduled, "new", OutcomeCodes.InProgress)]
    [InlineData(PaymentStatuses.Processing, "new", OutcomeCodes.InProgress)]
    [InlineData(PaymentStatuses.PendingReconciliation, "new", OutcomeCodes.InProgress)]
    [InlineData(PaymentStatuses.Captured, "new", OutcomeCodes.PaymentExists)]
    [InlineData(PaymentStatuses.PartiallyRefunded, "new", OutcomeCodes.PaymentExists)]
    [InlineData(PaymentStatuses.Refunded, "new", OutcomeCodes.PaymentExists)]
    [InlineData(PaymentStatuses.Cancelled, "new", OutcomeCodes.PaymentCancelled)]
    [InlineData(PaymentStatuses.Processing, "same", null)]
    [InlineData(PaymentStatuses.Captured, "same", null)]
    [InlineData(PaymentStatuses.Declined, "same", null)]
    [InlineData(PaymentStatuses.Processing, "reused", OutcomeCodes.KeyReused)]
    [InlineData(PaymentStatuses.Captured, "reused", OutcomeCodes.KeyReused)]
    [InlineData(PaymentStatuses.Declined, "reused", OutcomeCodes.KeyReused)]
    [InlineData(PaymentStatuses.Captured, "freed", OutcomeCodes.PaymentExists)]
    [InlineData(PaymentStatuses.Declined, "freed", null)]
    [InlineData(PaymentStatuses.Captured, "bound", OutcomeCodes.KeyReused)]
    [InlineData(PaymentStatuses.Declined, "bound", OutcomeCodes.KeyReused)]
    [InlineData(PaymentStatuses.Captured, "unkeyed", OutcomeCodes.PaymentExists)]
    [InlineData(PaymentStatuses.Processing, "unkeyed", OutcomeCodes.InProgress)]
    public void Create_StateAndKey_TakenOrRefused(string status, string key, string? refusal) =>
        (PaymentRules.Create(new PaymentState(status), Keys(key, PaymentWorkflow.Create), Call(key), Now)?.Code).ShouldBe(refusal);

    [Theory]
    [InlineData(PaymentStatuses.Empty, "new", OutcomeCodes.NotFound)]
    [InlineData(PaymentStatuses.Processing, "new", OutcomeCodes.InProgress)]
    [InlineData(PaymentStatuses.Scheduled, "new", OutcomeCodes.InProgress)]
    [InlineData(PaymentStatuses.Declined, "new", OutcomeCodes.Declined)]
    [InlineData(PaymentStatuses.Cancelled, "new", OutcomeCodes.PaymentCancelled)]
    [InlineData(PaymentStatuses.Captured, "new", null)]
    [InlineData(PaymentStatuses.PartiallyRefunded, "new", null)]
    [InlineData(PaymentStatuses.Refunded, "new", null)]
    [InlineData(PaymentStatuses.Captured, "same", null)]
    [InlineData(PaymentStatuses.Captured, "reused", OutcomeCodes.KeyReused)]
    [InlineData(PaymentStatuses.Captured, "freed", null)]
    public void Refund_StateAndKey_TakenOrRefused(string status, string key, string? refusal) =>
        (PaymentRules.Refund(new PaymentState(status), Keys(key, PaymentWorkflow.Refund), Call(key), Now)?.Code).ShouldBe(refusal);

    [Theory]
    [InlineData(PaymentStatuses.Empty, "new", OutcomeCodes.NotFound)]
    [InlineData(PaymentStatuses.Processing, "new", null)]
    [InlineData(PaymentStatuses.Scheduled, "new", null)]
    [InlineData(PaymentStatuses.PendingReconciliation, "new", null)]
    [InlineData(PaymentStatuses.Declined, "new", null)]
    [InlineData(PaymentStatuses.Cancelled, "new", null)]
    [InlineData(PaymentStatuses.Captured, "new", OutcomeCodes.PaymentCaptured)]
    [InlineData(PaymentStatuses.Captured, "same", null)]
    [InlineData(PaymentStatuses.Processing, "reused", OutcomeCodes.KeyReused)]
    public void Cancel_StateAndKey_TakenOrRefused(string status, string key, string? refusal) =>
        (PaymentRules.Cancel(new PaymentState(status), Keys(key, PaymentWorkflow.Cancel), Call(key), Now)?.Code).ShouldBe(refusal);

    [Fact]
    public void Take_KeyFreedByExpiry_NewUseOfTheKey()
    {
        var keys = Keys("freed", PaymentWorkflow.Refund);

        keys.Take(Call("freed"), PaymentWorkflow.Refund, Now).Use.ShouldBe(1);
    }

    [Fact]
    public void Take_KeyStillTaken_Bug() =>
        Should.Throw<InvalidOperationException>(() => Keys("reused", PaymentWorkflow.Create).Take(Call("reused"), PaymentWorkflow.Create, Now));

    [Fact]
    public void CountExpired_CalledTwice_CountsOnce()
    {
        var keys = Keys("freed", PaymentWorkflow.Create);

        keys.CountExpired(Now).ShouldBe(1);
        keys.CountExpired(Now).ShouldBe(0);
    }

    [Fact]
    public void Refund_AsManyKeysAsFit_OneMoreIsRefusedUntilOneThatMovedNothingHasExpired()
    {
        var keys = new KeyRegistry();
        for (var i = 0; i < PaymentTimeouts.KeysMax; i++)
        {
            End(keys.Take(Call("new") with { KeyHash = "k" + i }, PaymentWorkflow.Refund, Now), i == 7 ? OutcomeCodes.RefundExceedsPayment : OutcomeCodes.Refunded);
        }
        var captured = new PaymentState(PaymentStatuses.Captured);
        var later = Now + TimeSpan.FromHours(25);

        PaymentRules.Refund(captured, keys, Call("new"), Now)!.Code.ShouldBe(OutcomeCodes.TooManyKeys);
        PaymentRules.Refund(captured, keys, Call("new") with { KeyHash = "k3" }, Now).ShouldBeNull();
        keys.CountExpired(later);
        PaymentRules.Refund(captured, keys, Call("new"), later).ShouldBeNull();
        keys.Take(Call("new"), PaymentWorkflow.Refund, later);

        keys.Entries.Count.ShouldBe(PaymentTimeouts.KeysMax);
        (keys.Find("k7"), keys.Find("k3")!.Operation).ShouldBe((null, PaymentWorkflow.Refund));
    }

    // A server takes 2 KB for one search attribute.
    [Fact]
    public void SearchHashes_OfManyKeys_TheNewestAndBelowTheServersLimit()
    {
        var keys = new KeyRegistry();
        for (var i = 0; i < 200; i++)
        {
            keys.Take(Call("new") with { KeyHash = "k" + i, SearchHash = i.ToString("D32") }, PaymentWorkflow.Refund, Now + TimeSpan.FromSeconds(i));
        }

        var hashes = keys.SearchHashes(PaymentSearchAttributes.KeysMax);

        hashes.First().ShouldBe(199.ToString("D32"));
        System.Text.Json.JsonSerializer.Serialize(hashes).Length.ShouldBeLessThan(2_048);
    }

    private static void End(KeyEntry entry, string code) => entry.Outcome = new PaymentOutcome
    {
        Code = code,
        Nonce = "n",
        Payment = new PaymentView { Merchant = "m", PaymentId = "p", Status = PaymentStatuses.Captured },
        Created = entry.Created,
        Expires = entry.Expires,
    };

    private static KeyRegistry Keys(string kind, string operation)
    {
        var keys = new KeyRegistry();
        if (kind == "new")
        {
            return keys;
        }
        var taken = kind is "freed" or "bound" ? Now - TimeSpan.FromHours(25) : Now - TimeSpan.FromHours(1);
        var call = Call(kind) with { Fingerprint = kind == "same" ? "second" : "first" };
        End(keys.Take(call, operation, taken), OutcomeCodes.Captured);
        return keys;
    }

    private static CallInfo Call(string kind) => new("hash", "second", "nonce", kind != "unkeyed", TimeSpan.FromHours(24), null, kind == "bound");
}
