using Payments.Gateway.Mock.Ledger;

namespace Payments.Gateway.Mock.Faults;

/// <summary>One rule of a plan: which requests, how often, what happens. The README has the table.</summary>
public sealed record FaultRule
{
    public string Action { get; init; } = "";

    public string? Operation { get; init; }

    public string? Key { get; init; }

    public string? PaymentId { get; init; }

    public string? Merchant { get; init; }

    public string? PaymentMethod { get; init; }

    /// <summary>How many requests it acts on; null: all.</summary>
    public int? Times { get; init; }

    /// <summary>0 to 1. Settable, as is <see cref="Code"/>, because generated JSON code resets init-only members that are absent.</summary>
    public double Probability { get; set; } = 1;

    /// <summary>Of <c>fail</c> (default 503) and <c>fail-after</c> (default 500).</summary>
    public int? Status { get; init; }

    /// <summary>Of <c>decline</c>.</summary>
    public string Code { get; set; } = "card_declined";

    public int DelayMs { get; init; }

    public string? Gate { get; init; }

    /// <summary>Shown by GET; what a plan says here is ignored.</summary>
    public int Fired { get; init; }

    public bool Matches(MoneyRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return (Operation is null || Operation == request.Operation)
            && (Key is null || Key == request.Key)
            && (PaymentId is null || PaymentId == request.PaymentId)
            && (Merchant is null || Merchant == request.Merchant)
            && (PaymentMethod is null || PaymentMethod == request.PaymentMethod);
    }

    /// <returns>What is wrong with the rule, or null.</returns>
    public string? Problem() => this switch
    {
        _ when !FaultActions.All.Contains(Action) => $"action must be one of {string.Join(", ", FaultActions.All)}, not \"{Action}\".",
        { Probability: < 0 or > 1 } => $"probability must be 0 to 1, not {Probability}.",
        { Times: < 0 } => $"times must not be negative, not {Times}.",
        { DelayMs: < 0 or > TestToken.SlowMaxMs } => $"delayMs must be 0 to {TestToken.SlowMaxMs}, not {DelayMs}.",
        { Status: < 400 or > 599 } => $"status must be 400 to 599, not {Status}.",
        { Action: FaultActions.Hold or FaultActions.HoldAfter, Gate: null or "" } => $"{Action} needs a gate.",
        _ => null,
    };
}
