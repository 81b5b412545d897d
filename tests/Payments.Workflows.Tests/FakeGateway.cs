using System.Collections.Concurrent;
using Temporalio.Activities;
using Temporalio.Exceptions;

namespace Payments.Workflows.Tests;

/// <summary>A gateway in memory: keys act once, faults by token, and the ledger is what tests count.</summary>
public sealed class FakeGateway : IGatewayActivities
{
    private readonly ConcurrentDictionary<string, ChargeResult> keys = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, RefundResult> refunds = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, RefundRequest> refundedBy = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> calls = new(StringComparer.Ordinal);

    /// <summary>Charges that moved money, by key.</summary>
    public IReadOnlyList<string> Charged => [.. keys.Where(k => k.Value.State == ChargeResult.Captured).Select(k => k.Key).Order(StringComparer.Ordinal)];

    private int refundsAway, chargesAway, blindLookups;

    /// <summary>How many refunds end without an answer.</summary>
    public int RefundsAway
    {
        set => Volatile.Write(ref refundsAway, value);
    }

    /// <summary>How many charges end without an answer and without a charge.</summary>
    public int ChargesAway
    {
        set => Volatile.Write(ref chargesAway, value);
    }

    public IReadOnlyList<string> Refunded => [.. refunds.Keys.Order(StringComparer.Ordinal)];

    /// <summary>While set, charges wait here before anything happens.</summary>
    public TaskCompletionSource? Gate { get; set; }

    /// <summary>Completes when a charge waits at the gate.</summary>
    public TaskCompletionSource Arrived { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How many look-ups find nothing although the charge is there.</summary>
    public int BlindLookups
    {
        set => Volatile.Write(ref blindLookups, value);
    }

    public int Calls(string operation) => calls.GetValueOrDefault(operation);

    /// <summary>What another life of a payment left behind.</summary>
    public void Remember(string key, ChargeResult result) => keys[key] = result;

    [Activity(GatewayActivities.Charge)]
    public async Task<ChargeResult> ChargeAsync(ChargeRequest request)
    {
        var call = calls.AddOrUpdate("charge", 1, (_, n) => n + 1);
        if (Gate is { } gate)
        {
            Arrived.TrySetResult();
            await gate.Task;
        }
        if (Takes(ref chargesAway))
        {
            throw new ApplicationFailureException("no answer", GatewayFailures.OutcomeUnknown);
        }
        if (request.PaymentMethod.StartsWith("tok_fail_", StringComparison.Ordinal) && call <= int.Parse(request.PaymentMethod["tok_fail_".Length..]))
        {
            throw new ApplicationFailureException("not now", GatewayFailures.GatewayUnavailable);
        }
        var fresh = new ChargeResult(
            request.PaymentMethod == "tok_declined" ? ChargeResult.Declined : ChargeResult.Captured,
            request.PaymentMethod == "tok_declined" ? null : "ch_" + request.Key,
            request.PaymentMethod == "tok_declined" ? "card_declined" : null,
            Owner: request.Owner, Amount: request.Amount, Currency: request.Currency);
        var kept = keys.GetOrAdd(request.Key, fresh);
        if (kept.State == ChargeResult.Captured && (kept.Amount != request.Amount || kept.Currency != request.Currency))
        {
            return new ChargeResult(ChargeResult.Mismatch, Owner: kept.Owner);
        }
        if (request.PaymentMethod == "tok_500_after_charge")
        {
            throw new ApplicationFailureException("500 after the charge", GatewayFailures.OutcomeUnknown);
        }
        return kept with { Replayed = !ReferenceEquals(kept, fresh) };
    }

    [Activity(GatewayActivities.FindCharge)]
    public Task<ChargeResult> FindChargeAsync(string key)
    {
        calls.AddOrUpdate("find", 1, (_, n) => n + 1);
        if (Takes(ref blindLookups))
        {
            return Task.FromResult(new ChargeResult(ChargeResult.Unknown));
        }
        return Task.FromResult(keys.GetValueOrDefault(key) ?? new ChargeResult(ChargeResult.Unknown));
    }

    [Activity(GatewayActivities.VoidCharge)]
    public Task<ChargeResult> VoidChargeAsync(string key) => Task.FromResult(keys.GetOrAdd(key, new ChargeResult(ChargeResult.Voided)));

    [Activity(GatewayActivities.FindRefunds)]
    public Task<IReadOnlyList<KnownRefund>> FindRefundsAsync(string merchant, string paymentId, string transactionId) =>
        Task.FromResult<IReadOnlyList<KnownRefund>>([.. refundedBy.Where(r => r.Value.TransactionId == transactionId)
            .Select(r => new KnownRefund(r.Key, "re_" + r.Key, r.Value.Amount, DateTimeOffset.UnixEpoch)).OrderBy(r => r.Key, StringComparer.Ordinal)]);

    [Activity(GatewayActivities.Refund)]
    public Task<RefundResult> RefundAsync(RefundRequest request)
    {
        calls.AddOrUpdate("refund", 1, (_, n) => n + 1);
        if (Takes(ref refundsAway))
        {
            throw new ApplicationFailureException("not now", GatewayFailures.OutcomeUnknown);
        }
        refundedBy.TryAdd(request.Key, request);
        return Task.FromResult(refunds.GetOrAdd(request.Key, new RefundResult(RefundResult.Refunded, "re_" + request.Key)));
    }

    // A test may set the number while a call counts it down.
    private static bool Takes(ref int left)
    {
        for (int seen; (seen = Volatile.Read(ref left)) > 0;)
        {
            if (Interlocked.CompareExchange(ref left, seen - 1, seen) == seen)
            {
                return true;
            }
        }
        return false;
    }
}
