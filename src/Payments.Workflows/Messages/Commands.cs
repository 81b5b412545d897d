namespace Payments.Workflows;

/// <summary>Charge a payment. The request has passed the door: currency known, amount positive and within the limit.</summary>
public sealed record CreateCommand(CallInfo Call, long AmountMinorUnits, string Currency, string? Description, string? CustomerId, string PaymentMethod);

/// <summary>Give money back.</summary>
/// <param name="AmountMinorUnits">Null: what is left of the payment when the refund is decided.</param>
public sealed record RefundCommand(CallInfo Call, long? AmountMinorUnits, string? Reason);

/// <summary>Give a payment up before it is captured.</summary>
public sealed record CancelCommand(CallInfo Call, string? Reason);

/// <summary>A request that was put into the history before anyone waits for it. Exactly one of the commands is set.</summary>
/// <param name="Delay">Counted from the arrival of the signal; zero for at once.</param>
public sealed record Submission(CreateCommand? Create, RefundCommand? Refund, CancelCommand? Cancel, TimeSpan Delay);
