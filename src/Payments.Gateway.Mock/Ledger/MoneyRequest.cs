namespace Payments.Gateway.Mock.Ledger;

/// <summary>A charge or refund that was asked for and makes sense.</summary>
/// <param name="Operation"><see cref="Operations.Charge"/> or <see cref="Operations.Refund"/>.</param>
/// <param name="Key">Null: each request is another one.</param>
/// <param name="PaymentMethod">A test token; null on a refund.</param>
/// <param name="ChargeId">The charge to refund; null on a charge.</param>
public sealed record MoneyRequest(
    string Operation, string? Key, string Merchant, string PaymentId, long Amount, string Currency, string? PaymentMethod, string? ChargeId, string? Owner);
