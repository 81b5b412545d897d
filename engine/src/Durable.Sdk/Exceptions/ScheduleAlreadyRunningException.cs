namespace Temporalio.Exceptions;

/// <summary>The schedule id is taken.</summary>
public class ScheduleAlreadyRunningException : FailureException
{
    public ScheduleAlreadyRunningException()
        : base("Schedule already running")
    {
    }
}
