namespace Payments.Workflows;

/// <summary>A request that was put into the history before anyone waits for it. Exactly one of the commands is set.</summary>
/// <param name="Delay">Counted from the arrival of the signal; zero for at once.</param>
public sealed record Submission(CreateCommand? Create, RefundCommand? Refund, CancelCommand? Cancel, TimeSpan Delay);
