namespace Temporalio.Exceptions;

/// <summary>A call ran out of time or was cancelled.</summary>
public class RpcTimeoutOrCanceledException : TemporalException
{
    public RpcTimeoutOrCanceledException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
