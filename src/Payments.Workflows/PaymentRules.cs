namespace Payments.Workflows;

/// <summary>
/// Whether a request may be taken, decided from the payment as it is. Pure, so that the validator (which leaves no trace in the history) and the
/// handler (which decides again after every wait) say the same.
/// </summary>
public static class PaymentRules
{
    public static Refusal? Create(PaymentState state, KeyRegistry keys, CallInfo call, DateTimeOffset now)
    {
        var match = keys.Match(call, now);
        if (match == KeyMatch.Same)
        {
            return null;
        }
        if (match == KeyMatch.Reused && call.HasKey)
        {
            return Reused(keys, call);
        }
        // Without a key the path id is the key, and another body under it is another payment of that name.
        return state.Current switch
        {
            PaymentStatuses.Empty => null,
            PaymentStatuses.Declined when match != KeyMatch.Reused => Room(keys, match, now),
            PaymentStatuses.Cancelled => new(OutcomeCodes.PaymentCancelled, "The payment was cancelled; nothing is charged under its id any more.", state.Current),
            _ when state.IsUnderWay => InProgress(state),
            _ => new(OutcomeCodes.PaymentExists, "The payment was already made by another request. Ask for its status instead of paying again.", state.Current),
        };
    }

    public static Refusal? Refund(PaymentState state, KeyRegistry keys, CallInfo call, DateTimeOffset now) => keys.Match(call, now) switch
    {
        KeyMatch.Same => null,
        KeyMatch.Reused => Reused(keys, call),
        _ => state.Current switch
        {
            PaymentStatuses.Empty => new(OutcomeCodes.NotFound, "There is no such payment."),
            PaymentStatuses.Declined => new(OutcomeCodes.Declined, "The payment was declined: there is nothing to refund.", state.Current),
            PaymentStatuses.Cancelled => new(OutcomeCodes.PaymentCancelled, "The payment was cancelled: there is nothing to refund.", state.Current),
            _ when state.IsUnderWay => InProgress(state),
            _ => Room(keys, keys.Match(call, now), now),
        },
    };

    public static Refusal? Cancel(PaymentState state, KeyRegistry keys, CallInfo call, DateTimeOffset now) => keys.Match(call, now) switch
    {
        KeyMatch.Same => null,
        KeyMatch.Reused => Reused(keys, call),
        _ when state.IsEmpty => new(OutcomeCodes.NotFound, "There is no such payment."),
        _ when state.IsCaptured => new(OutcomeCodes.PaymentCaptured, "The payment is captured: refund it instead.", state.Current),
        var match => call.HasKey ? Room(keys, match, now) : null,
    };

    private static Refusal? Room(KeyRegistry keys, KeyMatch match, DateTimeOffset now) => match != KeyMatch.New || keys.HasRoom(now) ? null : new(
        OutcomeCodes.TooManyKeys, $"A payment keeps at most {PaymentTimeouts.KeysMax} keys, and it has as many.");

    private static Refusal Reused(KeyRegistry keys, CallInfo call) => new(
        OutcomeCodes.KeyReused,
        "The idempotency key was used with another body. Send the first body again, or use a new key.",
        ExpectedFingerprint: keys.Find(call.KeyHash)?.Fingerprint,
        ActualFingerprint: call.Fingerprint);

    private static Refusal InProgress(PaymentState state) =>
        new(OutcomeCodes.InProgress, "Another request on this payment is under way. Try again with the same key when it is done.", state.Current);
}
