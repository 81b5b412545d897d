namespace Temporalio.Exceptions;

/// <summary>Base of everything that this SDK throws on its own account.</summary>
public abstract class TemporalException : Exception
{
    protected internal TemporalException()
    {
    }

    protected internal TemporalException(string message)
        : base(message)
    {
    }

    protected internal TemporalException(string message, Exception? inner)
        : base(message, inner)
    {
    }

    /// <summary>Whether an exception means cancellation: of a token, or as a failure, or as the cause of an activity or child that ended by it.</summary>
    public static bool IsCanceledException(Exception e) =>
        e is OperationCanceledException or CanceledFailureException ||
        (e is ActivityFailureException or ChildWorkflowFailureException && e.InnerException is CanceledFailureException);
}
