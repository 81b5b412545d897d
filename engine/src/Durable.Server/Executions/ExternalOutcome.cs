namespace Durable.Server.Executions;

/// <summary>How a signal or a cancel request to another workflow ended.</summary>
public enum ExternalOutcome
{
    Delivered,
    NotFound,

    /// <summary>The target takes no more signals.</summary>
    TooManySignals,
}
