namespace Payments.Workflows;

/// <summary>Charge a payment. The request has passed the door: currency known, amount positive and within the limit.</summary>
public sealed record CreateCommand(CallInfo Call, long AmountMinorUnits, string Currency, string? Description, string? CustomerId, string PaymentMethod);
