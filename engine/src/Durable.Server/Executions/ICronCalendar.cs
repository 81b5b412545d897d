namespace Durable.Server.Executions;

/// <summary>Reads cron expressions.</summary>
public interface ICronCalendar
{
    /// <summary>The first time after <paramref name="after"/> that the schedule names; null when it never comes.</summary>
    DateTimeOffset? Next(string schedule, DateTimeOffset after);
}
