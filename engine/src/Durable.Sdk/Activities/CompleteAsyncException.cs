using Temporalio.Exceptions;

namespace Temporalio.Activities;

/// <summary>Thrown by an activity that somebody else will complete, through an asynchronous activity handle.</summary>
public class CompleteAsyncException : TemporalException
{
    public CompleteAsyncException()
        : base("Activity will be completed asynchronously")
    {
    }
}
