namespace Payments.Workflows;

/// <summary>The states of a payment by the names that callers and search attributes see.</summary>
public static class PaymentStatuses
{
    public const string Empty = "empty";
    public const string Scheduled = "scheduled";
    public const string Processing = "processing";
    public const string PendingReconciliation = "pending_reconciliation";
    public const string Captured = "captured";
    public const string PartiallyRefunded = "partially_refunded";
    public const string Refunded = "refunded";
    public const string Declined = "declined";
    public const string Cancelled = "cancelled";

    /// <summary>In the order in which statistics list them; an empty payment is not listed.</summary>
    public static IReadOnlyList<string> Listed { get; } =
        [Scheduled, Processing, PendingReconciliation, Captured, PartiallyRefunded, Refunded, Declined, Cancelled];
}
