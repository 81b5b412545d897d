namespace Payments.Gateway.Mock.Http;

/// <summary>All money that moved for a payment, in minor units.</summary>
public sealed record PaymentMovements(string PaymentId, long Charged, long Refunded, IReadOnlyList<Movement> Charges, IReadOnlyList<Movement> Refunds);
