namespace Payments.Gateway.Mock.Http;

/// <summary>Body of <c>POST /refunds</c>.</summary>
public sealed record RefundBody(string? Merchant, string? PaymentId, string? ChargeId, long? Amount, string? Currency, string? Owner);
