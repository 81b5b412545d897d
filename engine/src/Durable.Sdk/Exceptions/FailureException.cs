using Temporalio.Api.Failure.V1;

namespace Temporalio.Exceptions;

/// <summary>A failure as it is recorded. Thrown from a workflow it fails the workflow, not only its task.</summary>
public class FailureException : TemporalException
{
    protected internal FailureException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    protected internal FailureException(Failure failure, Exception? inner)
        : base(failure.Message, inner) => Failure = failure;

    /// <summary>The recorded failure; null for one that was made here.</summary>
    public Failure? Failure { get; protected init; }

    /// <summary>That of the place where it happened, when it came from elsewhere.</summary>
    public override string? StackTrace => string.IsNullOrEmpty(Failure?.StackTrace) ? base.StackTrace : Failure.StackTrace;
}
