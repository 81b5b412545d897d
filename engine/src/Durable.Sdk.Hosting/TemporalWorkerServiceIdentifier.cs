namespace Temporalio.Extensions.Hosting;

/// <summary>Tells the hosted workers of a process apart; there can be one for each.</summary>
/// <param name="Version">A deployment version, or a build id; null: none was given.</param>
/// <param name="VersionIsBuildId">Which of the two.</param>
public record TemporalWorkerServiceIdentifier(string TaskQueue, string? Version, bool VersionIsBuildId)
{
    internal string OptionsName => Version is null ? TaskQueue : $"{TaskQueue}!!__temporal__!!{(VersionIsBuildId ? "build" : "deployment")}!!{Version}";

    internal static TemporalWorkerServiceIdentifier Of(ITemporalWorkerServiceOptionsBuilder builder)
    {
#pragma warning disable CS0618 // The obsolete member is part of the worker's identity for those who still set it.
        var buildId = builder.BuildId;
#pragma warning restore CS0618
        return builder.DeploymentOptions?.Version is { } version
            ? new(builder.TaskQueue, version.ToCanonicalString(), false)
            : new(builder.TaskQueue, buildId, buildId is not null);
    }
}
