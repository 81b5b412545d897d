namespace Payments.Workflows;

/// <summary>A refund that the gateway has on record.</summary>
/// <param name="Key">The gateway's key of it.</param>
/// <param name="Amount">Minor units.</param>
public sealed record KnownRefund(string Key, string RefundId, long Amount, DateTimeOffset At);
