using System.Globalization;

namespace Durable.Server.Executions;

/// <summary>The keys of Temporal's dynamic configuration that set a limit here. Other keys concern parts that this server does not have.</summary>
public static class DynamicConfig
{
    private static readonly Dictionary<string, Func<ExecutionLimits, int, ExecutionLimits>> Limits = new(StringComparer.OrdinalIgnoreCase)
    {
        ["limit.blobSize.error"] = static (limits, value) => limits with { BlobBytes = value },
        ["limit.maxIDLength"] = static (limits, value) => limits with { IdLength = value },
        ["limit.historyCount.error"] = static (limits, value) => limits with { HistoryEventsError = value },
        ["limit.historySize.error"] = static (limits, value) => limits with { HistoryBytesError = value },
        ["limit.historyCount.suggestContinueAsNew"] = static (limits, value) => limits with { HistoryEventsSuggest = value },
        ["limit.historySize.suggestContinueAsNew"] = static (limits, value) => limits with { HistoryBytesSuggest = value },
        ["limit.numPendingActivities.error"] = static (limits, value) => limits with { PendingActivities = value },
        ["limit.numPendingChildExecutions.error"] = static (limits, value) => limits with { PendingChildren = value },
        ["limit.numPendingSignals.error"] = static (limits, value) => limits with { PendingSignals = value },
        ["limit.numPendingCancelRequests.error"] = static (limits, value) => limits with { PendingCancels = value },
        ["history.maximumSignalsPerExecution"] = static (limits, value) => limits with { SignalsPerRun = value },
        ["history.maxInFlightUpdates"] = static (limits, value) => limits with { UpdatesInFlight = value },
        ["history.maxTotalUpdates"] = static (limits, value) => limits with { UpdatesPerRun = value },
        ["history.maxBufferedQueryCount"] = static (limits, value) => limits with { BufferedQueries = value },
    };

    /// <param name="flag">Where it comes from, for the exception's message.</param>
    /// <param name="pair"><c>KEY=VALUE</c>.</param>
    /// <exception cref="ArgumentException">The value of a key that is used here is no positive whole number.</exception>
    public static ExecutionLimits Apply(ExecutionLimits limits, string flag, string pair)
    {
        var (key, value) = pair.Split('=', 2) is [var name, var text] ? (name, text) : (pair, "");
        if (!Limits.TryGetValue(key, out var apply))
        {
            return limits;
        }
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? apply(limits, number)
            : throw new ArgumentException($"invalid argument \"{pair}\" for \"{flag}\" flag: {key} must be a positive whole number");
    }
}
