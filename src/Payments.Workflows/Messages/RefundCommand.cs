namespace Payments.Workflows;

/// <summary>Give money back.</summary>
/// <param name="AmountMinorUnits">Null: what is left of the payment when the refund is decided.</param>
public sealed record RefundCommand(CallInfo Call, long? AmountMinorUnits, string? Reason);
