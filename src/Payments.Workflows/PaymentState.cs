namespace Payments.Workflows;

/// <summary>The life of a payment, as a table. What is not in it is a bug.</summary>
public sealed class PaymentState
{
    public static IReadOnlyList<(string State, PaymentEvent Event, string Next)> Transitions { get; } =
    [
        (PaymentStatuses.Empty, PaymentEvent.Schedule, PaymentStatuses.Scheduled),
        (PaymentStatuses.Empty, PaymentEvent.Begin, PaymentStatuses.Processing),
        (PaymentStatuses.Scheduled, PaymentEvent.Begin, PaymentStatuses.Processing),
        (PaymentStatuses.Scheduled, PaymentEvent.Void, PaymentStatuses.Cancelled),
        (PaymentStatuses.Processing, PaymentEvent.LoseTrack, PaymentStatuses.PendingReconciliation),
        (PaymentStatuses.Processing, PaymentEvent.Capture, PaymentStatuses.Captured),
        (PaymentStatuses.Processing, PaymentEvent.Decline, PaymentStatuses.Declined),
        (PaymentStatuses.Processing, PaymentEvent.Void, PaymentStatuses.Cancelled),
        (PaymentStatuses.PendingReconciliation, PaymentEvent.Capture, PaymentStatuses.Captured),
        (PaymentStatuses.PendingReconciliation, PaymentEvent.Decline, PaymentStatuses.Declined),
        (PaymentStatuses.PendingReconciliation, PaymentEvent.Void, PaymentStatuses.Cancelled),
        (PaymentStatuses.Declined, PaymentEvent.Schedule, PaymentStatuses.Scheduled),
        (PaymentStatuses.Declined, PaymentEvent.Begin, PaymentStatuses.Processing),
        (PaymentStatuses.Captured, PaymentEvent.RefundPart, PaymentStatuses.PartiallyRefunded),
        (PaymentStatuses.Captured, PaymentEvent.RefundAll, PaymentStatuses.Refunded),
        (PaymentStatuses.PartiallyRefunded, PaymentEvent.RefundPart, PaymentStatuses.PartiallyRefunded),
        (PaymentStatuses.PartiallyRefunded, PaymentEvent.RefundAll, PaymentStatuses.Refunded),
    ];

    public PaymentState(string current = PaymentStatuses.Empty) => Current = current;

    public string Current { get; private set; }

    public bool IsEmpty => Current == PaymentStatuses.Empty;

    /// <summary>Accepted and without a final outcome.</summary>
    public bool IsUnderWay => Current is PaymentStatuses.Scheduled or PaymentStatuses.Processing or PaymentStatuses.PendingReconciliation;

    /// <summary>The money moved, whatever was refunded since.</summary>
    public bool IsCaptured => Current is PaymentStatuses.Captured or PaymentStatuses.PartiallyRefunded or PaymentStatuses.Refunded;

    /// <exception cref="InvalidOperationException">The table has no such row.</exception>
    public void Apply(PaymentEvent happened)
    {
        foreach (var (state, @event, next) in Transitions)
        {
            if (state == Current && @event == happened)
            {
                Current = next;
                return;
            }
        }
        throw new InvalidOperationException($"Bug: a payment that is {Current} cannot {happened}.");
    }
}
