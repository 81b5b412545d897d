namespace Temporalio.Exceptions;

/// <summary>An activity without a workflow did not complete; the inner exception says how it ended.</summary>
public class ActivityFailedException : TemporalException
{
    public ActivityFailedException(Exception? inner)
        : base("Activity failed", inner)
    {
    }
}
