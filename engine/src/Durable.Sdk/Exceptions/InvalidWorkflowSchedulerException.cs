namespace Temporalio.Exceptions;

/// <summary>Workflow code left its scheduler, for the thread pool or the platform's timers.</summary>
public class InvalidWorkflowSchedulerException : InvalidWorkflowOperationException
{
    private readonly string? stackTrace;

    internal InvalidWorkflowSchedulerException(string message, string? stackTrace = null)
        : base(message) => this.stackTrace = stackTrace;

    /// <summary>Of the call that left, up to the workflow's code.</summary>
    public override string? StackTrace => stackTrace ?? base.StackTrace;
}
