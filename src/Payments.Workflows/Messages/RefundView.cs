namespace Payments.Workflows;

/// <summary>A refund as its callers see it.</summary>
/// <param name="RefundId">The gateway's id of the refund.</param>
/// <param name="Amount">Minor units given back by this refund.</param>
/// <param name="Remaining">What could still be refunded when this one was confirmed.</param>
public sealed record RefundView(string RefundId, long Amount, long Remaining, DateTimeOffset RefundedAt, string? Reason);
