using Temporalio.Api.Common.V1;

namespace Durable.Server.Executions;

/// <summary>Where ids come from; seeded in tests.</summary>
public interface IIdSource
{
    /// <summary>UUIDv7, for runs that a client or a parent starts.</summary>
    string NewRunId();

    /// <summary>UUIDv4, for everything else: runs that follow, request ids.</summary>
    string NewUuid();
}

public sealed class SystemIds : IIdSource
{
    public string NewRunId() => Guid.CreateVersion7().ToString();

    public string NewUuid() => Guid.NewGuid().ToString();
}

/// <summary>Limits of one run, with Temporal's defaults.</summary>
public sealed record ExecutionLimits
{
    public int BlobBytes { get; init; } = 2 * 1024 * 1024;

    public int MemoBytes { get; init; } = 2 * 1024 * 1024;

    /// <summary>What is left of a failure over <see cref="BlobBytes"/>; where the genuine server begins to warn.</summary>
    public int CutFailureBytes { get; init; } = 512 * 1024;

    public int IdLength { get; init; } = 1000;

    public int SearchAttributeBytes { get; init; } = 2 * 1024;

    public int SearchAttributesBytes { get; init; } = 40 * 1024;

    public int PendingActivities { get; init; } = 2000;

    public int PendingChildren { get; init; } = 2000;

    public int PendingSignals { get; init; } = 2000;

    public int PendingCancels { get; init; } = 2000;

    public int SignalsPerRun { get; init; } = 10_000;

    public int UpdatesInFlight { get; init; } = 10;

    public int UpdatesPerRun { get; init; } = 2000;

    public int HistoryEventsError { get; init; } = 51_200;

    public long HistoryBytesError { get; init; } = 50L * 1024 * 1024;

    public int HistoryEventsSuggest { get; init; } = 4096;

    public long HistoryBytesSuggest { get; init; } = 4L * 1024 * 1024;

    /// <summary>Queries that wait for a workflow task at once; the genuine server allows one.</summary>
    public int BufferedQueries { get; init; } = 100;

    /// <returns>What is wrong with the size of search attributes, in the genuine server's words; null when nothing is.</returns>
    public string? CheckSize(SearchAttributes attributes)
    {
        foreach (var (name, value) in attributes.IndexedFields)
        {
            if (value.Data.Length > SearchAttributeBytes)
            {
                return $"search attribute {name} value size {value.Data.Length} exceeds size limit {SearchAttributeBytes}";
            }
        }
        var total = attributes.CalculateSize();
        return total > SearchAttributesBytes ? $"total size of search attributes {total} exceeds size limit {SearchAttributesBytes}" : null;
    }
}

/// <summary>What a run needs to know of its surroundings.</summary>
/// <param name="CheckSearchAttributes">Null when they are fine, else what is wrong with them.</param>
public sealed record RunContext(
    IIdSource Ids,
    ExecutionLimits Limits,
    Func<string, SearchAttributes, string?> CheckSearchAttributes,
    Func<string, string> NamespaceId)
{
    public static RunContext Default { get; } = new(new SystemIds(), new ExecutionLimits(), static (_, _) => null, static name => name);

    /// <summary>How long closed runs of a namespace are kept.</summary>
    public Func<string, TimeSpan> Retention { get; init; } = static _ => TimeSpan.FromDays(1);

    /// <summary>Whether workers of the version poll this workflow queue of the namespace.</summary>
    internal Func<string, string, Temporalio.Api.Deployment.V1.WorkerDeploymentVersion, bool> HasVersion { get; init; } = static (_, _, _) => false;

    /// <summary>The version that a workflow of this namespace, queue and id goes to when it is bound to none; null: to none.</summary>
    internal Func<string, string, string, string?> TargetVersion { get; init; } = static (_, _, _) => null;

    /// <summary>The version that the namespace's queue is ramping to; null: none.</summary>
    internal Func<string, string, string?> RampingVersion { get; init; } = static (_, _) => null;

    /// <summary>Throws NOT_FOUND when there is no such namespace.</summary>
    public Action<string> RequireNamespace { get; init; } = static _ => { };
}
