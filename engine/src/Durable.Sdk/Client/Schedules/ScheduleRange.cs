namespace Temporalio.Client.Schedules;

/// <summary>Numbers from <paramref name="Start"/> to <paramref name="End"/>, both included, in steps.</summary>
public record ScheduleRange(int Start, int End, int Step)
{
    /// <summary>Only 0.</summary>
    public static readonly ScheduleRange Zero = new(0);

    /// <summary>One number.</summary>
    public ScheduleRange(int start)
        : this(start, start, 1)
    {
    }

    /// <summary>All numbers of a range.</summary>
    public ScheduleRange(int start, int end)
        : this(start, end, 1)
    {
    }
}
