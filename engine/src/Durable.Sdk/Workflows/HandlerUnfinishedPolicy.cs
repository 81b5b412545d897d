namespace Temporalio.Workflows;

/// <summary>What happens when a workflow ends while a handler is running.</summary>
public enum HandlerUnfinishedPolicy
{
    /// <summary>Log a warning and drop the handler.</summary>
    WarnAndAbandon = 0,

    /// <summary>Drop the handler silently.</summary>
    Abandon = 1,
}
