namespace Payments.Ingress;

/// <param name="AmountMinorUnits">Null: the rest.</param>
public sealed record RefundBody(long? AmountMinorUnits, string? Reason);
