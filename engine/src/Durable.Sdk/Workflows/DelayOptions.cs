namespace Temporalio.Workflows;

/// <summary>A timer.</summary>
public class DelayOptions : ICloneable
{
    public DelayOptions()
    {
    }

    public DelayOptions(TimeSpan delay, string? summary = null, CancellationToken? cancellationToken = null)
    {
        Delay = delay;
        Summary = summary;
        CancellationToken = cancellationToken;
    }

    public DelayOptions(int millisecondsDelay, string? summary = null, CancellationToken? cancellationToken = null)
        : this(TimeSpan.FromMilliseconds(millisecondsDelay), summary, cancellationToken)
    {
    }

    /// <summary>Zero waits 1 ms; <see cref="Timeout.InfiniteTimeSpan"/> waits for the token only and makes no timer; anything else below zero is refused.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>One line for people.</summary>
    public string? Summary { get; set; }

    /// <summary>Cancels the call; null: <see cref="Workflow.CancellationToken"/>. Use <see cref="CancellationToken.None"/> for work that outlives a cancellation.</summary>
    public CancellationToken? CancellationToken { get; set; }

    /// <summary>A shallow copy; collections are shared.</summary>
    public virtual object Clone() => MemberwiseClone();
}
