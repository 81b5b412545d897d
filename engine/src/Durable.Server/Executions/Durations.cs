using Google.Protobuf.WellKnownTypes;

namespace Durable.Server.Executions;

/// <summary>Durations as callers send them: some say "for ever" with ten thousand years, which no calendar reaches.</summary>
public static class Durations
{
    private const int NanosPerSecond = 1_000_000_000;

    /// <summary>A hundred years, as the genuine server has it: longer ones count as this.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(100 * 365);

    /// <summary>Cuts one that is longer than <see cref="Longest"/>, in place.</summary>
    /// <returns>What is wrong with it, in the genuine server's words; null when it is fine.</returns>
    public static string? CheckAndCap(Duration? duration)
    {
        if (duration is null)
        {
            return null;
        }
        if ((duration.Seconds > 0 && duration.Nanos < 0) || (duration.Seconds < 0 && duration.Nanos > 0) || Math.Abs((long)duration.Nanos) >= NanosPerSecond)
        {
            return "duration has seconds and nanos with different signs";
        }
        if (duration.Seconds < 0 || duration.Nanos < 0)
        {
            return "negative duration";
        }
        if (duration.Seconds >= (long)Longest.TotalSeconds)
        {
            (duration.Seconds, duration.Nanos) = ((long)Longest.TotalSeconds, 0);
        }
        return null;
    }

    /// <summary>For where nothing can be refused: at most <paramref name="longest"/>, and what is wrong counts as nothing.</summary>
    public static TimeSpan Within(Duration? duration, TimeSpan longest)
    {
        if (duration is null || CheckAndCap(duration) is not null)
        {
            return TimeSpan.Zero;
        }
        var span = duration.ToTimeSpan();
        return span < longest ? span : longest;
    }
}
