namespace Payments.Gateway.Mock.Http;

/// <summary>A request that came to a decision.</summary>
public sealed record Attempt(
    long Seq, string Operation, string? Key, string Merchant, string PaymentId, string Outcome, bool Repetition, DateTimeOffset At);
