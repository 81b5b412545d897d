namespace Durable.Sdk.Tests.Live;

/// <summary>In what two runs of a recorded workflow differ though nothing is wrong; beginnings of the names of histories.</summary>
internal static class OwnWays
{
    /// <summary>Their results have times and random numbers in them, or say which of several activities was faster by a tenth of a second.</summary>
    public static IReadOnlyList<string> Results { get; } = ["ActivitiesInParallel", "DeterministicValues", "LocalActivitiesMixed", "WorkflowInfoEcho"];

    /// <summary>A child with a random id; failures whose messages the official SDK leaks beside their encoded attributes.</summary>
    public static IReadOnlyList<string> Events { get; } = ["ChildSucceeds", "CodecFailure"];

    /// <summary>What happens in them is decided by a second of the machine's time or less: which of two things is first, and whether one is there before a time-out.</summary>
    public static IReadOnlyList<string> Races { get; } = ["ActivityRaceLoser", "ActivityTimeouts.heartbeat", "ActivityTimeouts.schedule-to-close", "ChildCancelled"];

    public static bool Is(IReadOnlyList<string> names, string file) => names.Any(name => file.StartsWith(name, StringComparison.Ordinal));
}
