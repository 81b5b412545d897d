namespace Temporalio.Exceptions;

/// <summary>The activity of a heartbeat shall be cancelled, was paused or reset.</summary>
public class AsyncActivityCanceledException : TemporalException
{
    public AsyncActivityCanceledException()
        : base("Activity cancelled")
    {
    }
}
