namespace Temporalio.Workflows;

/// <summary>A wait for something in the state of the workflow.</summary>
public class WaitConditionOptions : ICloneable
{
    public WaitConditionOptions()
    {
    }

    public WaitConditionOptions(Func<bool> conditionCheck, TimeSpan? timeout = null, string? timeoutSummary = null, CancellationToken? cancellationToken = null)
    {
        ConditionCheck = conditionCheck;
        Timeout = timeout;
        TimeoutSummary = timeoutSummary;
        CancellationToken = cancellationToken;
    }

    /// <summary>Must be quick and without side effects: it runs after every turn of the event loop.</summary>
    public Func<bool> ConditionCheck { get; set; } = static () => false;

    /// <summary>Null: no limit and no timer.</summary>
    public TimeSpan? Timeout { get; set; }

    /// <summary>One line for people, on the timer; null: "WaitConditionAsync".</summary>
    public string? TimeoutSummary { get; set; }

    /// <summary>Cancels the call; null: <see cref="Workflow.CancellationToken"/>. Use <see cref="CancellationToken.None"/> for work that outlives a cancellation.</summary>
    public CancellationToken? CancellationToken { get; set; }

    /// <summary>A shallow copy; collections are shared.</summary>
    public virtual object Clone() => MemberwiseClone();
}
