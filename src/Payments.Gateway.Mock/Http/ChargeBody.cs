namespace Payments.Gateway.Mock.Http;

/// <summary>Body of <c>POST /charges</c>.</summary>
public sealed record ChargeBody(string? Merchant, string? PaymentId, long? Amount, string? Currency, string? PaymentMethod, string? Owner);
