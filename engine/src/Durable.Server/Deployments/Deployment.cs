using Durable.Server.Executions;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Deployment.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Deployments;

/// <summary>
/// One worker deployment: its versions with the queues that they poll, and which of them new and moving workflows go to.
/// </summary>
/// <remarks>Pure: time comes in. Whoever changes one works on a <see cref="Copy"/>; what others see never changes.</remarks>
public sealed class Deployment
{
    private const int MaximumVersions = 100;
    private const int MaximumQueues = 100;

    /// <summary>A run that started a moment ago may not be in the lists yet; the genuine server's.</summary>
    private static readonly TimeSpan DrainGrace = TimeSpan.FromMinutes(3);

    private readonly DeploymentState state;

    private Deployment(DeploymentState state) => this.state = state;

    public static Deployment Create(string name, DateTimeOffset now) => new(new()
    {
        Name = name,
        CreateTime = now.ToTimestamp(),
        Routing = new() { CurrentVersion = VersionNames.Unversioned },
        ConflictToken = Token(now),
    });

    public static Deployment Restore(byte[] stored) => new(DeploymentState.Parser.ParseFrom(stored));

    public Deployment Copy() => new(state.Clone());

    public bool IsAs(Deployment other) => state.Equals(other.state);

    public byte[] ToState() => state.ToByteArray();

    public string Name => state.Name;

    public DateTimeOffset CreateTime => state.CreateTime.ToDateTimeOffset();

    public RoutingConfig Routing => state.Routing;

    public ByteString ConflictToken => state.ConflictToken;

    public IEnumerable<WorkerDeploymentVersionInfo> Versions => state.Versions.Values;

    /// <exception cref="Durable.Protocol.RpcFaultException">NOT_FOUND.</exception>
    public WorkerDeploymentVersionInfo Version(string buildId) =>
        state.Versions.TryGetValue(buildId, out var version) ? version : throw Faults.NotFound("Worker Deployment Version not found");

    public bool Has(string buildId) => state.Versions.ContainsKey(buildId);

    /// <summary>A worker of a version polls this queue.</summary>
    /// <exception cref="Durable.Protocol.RpcFaultException">RESOURCE_EXHAUSTED: too many versions, or too many queues of one.</exception>
    public void Register(string buildId, string queue, TaskQueueType type, DateTimeOffset now)
    {
        var version = Add(buildId, now);
        if (version.TaskQueueInfos.Any(known => known.Name == queue && known.Type == type))
        {
            return;
        }
        if (version.TaskQueueInfos.Count >= MaximumQueues)
        {
            throw Faults.Exhausted(
                $"cannot add task queue {queue} since maximum number of task queues ({MaximumQueues}) have been registered in deployment",
                ResourceExhaustedCause.WorkerDeploymentLimits);
        }
        version.TaskQueueInfos.Add(new WorkerDeploymentVersionInfo.Types.VersionTaskQueueInfo { Name = queue, Type = type });
    }

    /// <summary>Workflows that are bound to no version go to this one from now on.</summary>
    /// <param name="version">As in the request's deprecated field.</param>
    /// <param name="isActive">Whether something waits in a queue that the version does not have.</param>
    public SetWorkerDeploymentCurrentVersionResponse SetCurrent(
        string version, SetWorkerDeploymentCurrentVersionRequest request, Func<WorkerDeploymentVersionInfo.Types.VersionTaskQueueInfo, bool> isActive, DateTimeOffset now)
    {
        var previous = state.Routing.CurrentVersion;
        if (previous == version && state.LastModifierIdentity == request.Identity)
        {
            return Answer(version);
        }
        CheckToken(request.ConflictToken);
        var target = VersionNames.Parse(version);
        RequireVersion(target, request.AllowNoPollers);
        CheckManager(request.Identity);
        if (target is not null)
        {
            Add(target.BuildId, now);
            if (!request.IgnoreMissingTaskQueues && state.Routing.CurrentDeploymentVersion is { } old && Misses(target, old, isActive))
            {
                throw Faults.FailedPrecondition(
                    $"proposed current version '{VersionNames.KeyOf(target)}' is missing active task queues from the current version; these would become unversioned if it is set as the current version");
            }
        }
        if (previous != version)
        {
            var routing = state.Routing;
            routing.CurrentVersion = version;
            routing.CurrentDeploymentVersion = target;
            routing.CurrentVersionChangedTime = now.ToTimestamp();
            routing.RevisionNumber++;
            if (version == routing.RampingVersion)
            {
                // Promoted.
                Ramp("", 0, now);
            }
            ApplyRouting(now);
        }
        Changed(request.Identity, now);
        return Answer(previous);

        SetWorkerDeploymentCurrentVersionResponse Answer(string before) => new()
        {
            ConflictToken = state.ConflictToken,
            PreviousVersion = before,
            PreviousDeploymentVersion = VersionNames.Parse(before),
        };
    }

    /// <summary>A share of the workflows that are bound to no version goes to this one from now on.</summary>
    /// <param name="version">As in the request's deprecated field; empty: none.</param>
    public SetWorkerDeploymentRampingVersionResponse SetRamping(
        string version, SetWorkerDeploymentRampingVersionRequest request, Func<WorkerDeploymentVersionInfo.Types.VersionTaskQueueInfo, bool> isActive, DateTimeOffset now)
    {
        var routing = state.Routing;
        var (previous, percentage) = (routing.RampingVersion, routing.RampingVersionPercentage);
        if (version == previous && request.Percentage.Equals(percentage) && state.LastModifierIdentity == request.Identity)
        {
            return Answer(version, request.Percentage);
        }
        CheckToken(request.ConflictToken);
        if (version == routing.CurrentVersion && !(version == VersionNames.Unversioned && request.Percentage == 0))
        {
            throw Faults.FailedPrecondition($"requested ramping version {version} is already current");
        }
        var target = version.Length > 0 ? VersionNames.Parse(version) : null;
        RequireVersion(target, request.AllowNoPollers);
        CheckManager(request.Identity);
        if (target is not null)
        {
            Add(target.BuildId, now);
            if (version != previous && !request.IgnoreMissingTaskQueues && routing.CurrentDeploymentVersion is { } current && Misses(target, current, isActive))
            {
                throw Faults.FailedPrecondition(
                    $"proposed ramping version '{VersionNames.KeyOf(target)}' is missing active task queues from the current version; these would become unversioned if it is set as the ramping version");
            }
        }
        if (version != previous || !request.Percentage.Equals(percentage))
        {
            Ramp(version, request.Percentage, now);
            routing.RevisionNumber++;
            ApplyRouting(now);
        }
        Changed(request.Identity, now);
        return Answer(previous, percentage);

        SetWorkerDeploymentRampingVersionResponse Answer(string before, float share) => new()
        {
            ConflictToken = state.ConflictToken,
            PreviousVersion = before,
            PreviousDeploymentVersion = before.Length > 0 ? VersionNames.Parse(before) : null,
            PreviousPercentage = share,
        };
    }

    public SetWorkerDeploymentManagerResponse SetManager(string manager, string identity, ByteString conflictToken, DateTimeOffset now)
    {
        var previous = state.ManagerIdentity;
        if (previous != manager || state.LastModifierIdentity != identity)
        {
            CheckToken(conflictToken);
            state.ManagerIdentity = manager;
            Changed(identity, now);
        }
        return new() { ConflictToken = state.ConflictToken, PreviousManagerIdentity = previous };
    }

    public VersionMetadata UpdateMetadata(string buildId, UpdateWorkerDeploymentVersionMetadataRequest request)
    {
        var version = Version(buildId);
        version.Metadata ??= new();
        foreach (var (key, value) in request.UpsertEntries)
        {
            version.Metadata.Entries[key] = value;
        }
        foreach (var key in request.RemoveEntries)
        {
            version.Metadata.Entries.Remove(key);
        }
        version.LastModifierIdentity = request.Identity;
        return version.Metadata.Clone();
    }

    /// <exception cref="Durable.Protocol.RpcFaultException">FAILED_PRECONDITION: it is still wanted.</exception>
    public void DeleteVersion(WorkerDeploymentVersion version, bool skipDrainage, string identity, bool hasPollers)
    {
        if (!state.Versions.TryGetValue(version.BuildId, out var deleted))
        {
            return;
        }
        if (version.Equals(state.Routing.CurrentDeploymentVersion) || version.Equals(state.Routing.RampingDeploymentVersion))
        {
            throw Faults.FailedPrecondition($"version '{VersionNames.KeyOf(version)}' cannot be deleted since it is current or ramping");
        }
        CheckManager(identity);
        if (!skipDrainage && deleted.Status == WorkerDeploymentVersionStatus.Draining)
        {
            throw Faults.FailedPrecondition($"version '{VersionNames.KeyOf(version)}' cannot be deleted since it is draining");
        }
        if (hasPollers)
        {
            throw Faults.FailedPrecondition($"version '{VersionNames.KeyOf(version)}' cannot be deleted since it has active pollers");
        }
        state.Versions.Remove(version.BuildId);
        state.LastModifierIdentity = identity;
    }

    /// <summary>Versions that new workflows do not go to any more, and that may have no workflows left.</summary>
    public IEnumerable<WorkerDeploymentVersion> MaybeDrained(DateTimeOffset now) => state.Versions.Values
        .Where(version => version.Status == WorkerDeploymentVersionStatus.Draining && now - version.DrainageInfo.LastChangedTime.ToDateTimeOffset() >= DrainGrace)
        .Select(static version => version.DeploymentVersion);

    /// <summary>No open workflow is bound to the version.</summary>
    public void Drained(string buildId, DateTimeOffset now)
    {
        if (state.Versions.TryGetValue(buildId, out var version) && version.Status == WorkerDeploymentVersionStatus.Draining)
        {
            version.Status = WorkerDeploymentVersionStatus.Drained;
            version.DrainageInfo = new() { Status = VersionDrainageStatus.Drained, LastChangedTime = now.ToTimestamp(), LastCheckedTime = now.ToTimestamp() };
        }
    }

    public WorkerDeploymentInfo Describe()
    {
        var info = new WorkerDeploymentInfo
        {
            Name = state.Name,
            CreateTime = state.CreateTime,
            RoutingConfig = state.Routing,
            LastModifierIdentity = state.LastModifierIdentity,
            ManagerIdentity = state.ManagerIdentity,
            RoutingConfigUpdateState = RoutingConfigUpdateState.Completed,
        };
        // The latest first.
        info.VersionSummaries.AddRange(state.Versions.Values.OrderByDescending(static version => version.CreateTime).Select(Summary));
        return info;
    }

    public ListWorkerDeploymentsResponse.Types.WorkerDeploymentSummary Listed() => new()
    {
        Name = state.Name,
        CreateTime = state.CreateTime,
        RoutingConfig = state.Routing,
        LatestVersionSummary = state.Versions.Count == 0 ? null : Summary(state.Versions.Values.MaxBy(static version => version.CreateTime)!),
        CurrentVersionSummary = SummaryOf(state.Routing.CurrentDeploymentVersion),
        RampingVersionSummary = SummaryOf(state.Routing.RampingDeploymentVersion),
    };

    private WorkerDeploymentInfo.Types.WorkerDeploymentVersionSummary? SummaryOf(WorkerDeploymentVersion? version) =>
        version is not null && state.Versions.TryGetValue(version.BuildId, out var known) ? Summary(known) : null;

    private static WorkerDeploymentInfo.Types.WorkerDeploymentVersionSummary Summary(WorkerDeploymentVersionInfo version) => new()
    {
#pragma warning disable CS0612 // Older clients read these.
        Version = VersionNames.Old(version.DeploymentVersion),
        DrainageStatus = version.DrainageInfo?.Status ?? VersionDrainageStatus.Unspecified,
#pragma warning restore CS0612
        DeploymentVersion = version.DeploymentVersion,
        Status = version.Status,
        CreateTime = version.CreateTime,
        DrainageInfo = version.DrainageInfo,
        CurrentSinceTime = version.CurrentSinceTime,
        RampingSinceTime = version.RampingSinceTime,
        RoutingUpdateTime = version.RoutingChangedTime,
        FirstActivationTime = version.FirstActivationTime,
        LastCurrentTime = version.LastCurrentTime,
        LastDeactivationTime = version.LastDeactivationTime,
    };

    private WorkerDeploymentVersionInfo Add(string buildId, DateTimeOffset now)
    {
        if (state.Versions.TryGetValue(buildId, out var known))
        {
            return known;
        }
        if (state.Versions.Count >= MaximumVersions)
        {
            throw Faults.Exhausted(
                $"cannot add version {state.Name}.{buildId} since maximum number of versions ({MaximumVersions}) have been registered in the deployment",
                ResourceExhaustedCause.WorkerDeploymentLimits);
        }
        var added = new WorkerDeploymentVersionInfo
        {
            DeploymentVersion = new() { DeploymentName = state.Name, BuildId = buildId },
            DeploymentName = state.Name,
            Status = WorkerDeploymentVersionStatus.Inactive,
            CreateTime = now.ToTimestamp(),
        };
        state.Versions.Add(buildId, added);
        return added;
    }

    private void Ramp(string version, float percentage, DateTimeOffset now)
    {
        var routing = state.Routing;
        if (version != routing.RampingVersion)
        {
            routing.RampingVersionChangedTime = now.ToTimestamp();
        }
        routing.RampingVersion = version;
        routing.RampingDeploymentVersion = version.Length > 0 ? VersionNames.Parse(version) : null;
        routing.RampingVersionPercentage = percentage;
        routing.RampingVersionPercentageChangedTime = now.ToTimestamp();
    }

    /// <summary>What each version is after a change of the routing.</summary>
    private void ApplyRouting(DateTimeOffset now)
    {
        var routing = state.Routing;
        foreach (var version in state.Versions.Values)
        {
            var wasActive = version.CurrentSinceTime is not null || version.RampingSinceTime is not null;
            var isCurrent = version.DeploymentVersion.Equals(routing.CurrentDeploymentVersion);
            var isRamping = version.DeploymentVersion.Equals(routing.RampingDeploymentVersion);
            if (!wasActive && !isCurrent && !isRamping)
            {
                continue;
            }
            version.CurrentSinceTime = isCurrent ? routing.CurrentVersionChangedTime : null;
            version.RampingSinceTime = isRamping ? routing.RampingVersionChangedTime : null;
            version.RampPercentage = isRamping ? routing.RampingVersionPercentage : 0;
            if (isCurrent || isRamping)
            {
                version.Status = isCurrent ? WorkerDeploymentVersionStatus.Current : WorkerDeploymentVersionStatus.Ramping;
                version.RoutingChangedTime = isCurrent ? routing.CurrentVersionChangedTime : routing.RampingVersionPercentageChangedTime;
                version.LastCurrentTime = isCurrent ? routing.CurrentVersionChangedTime : version.LastCurrentTime;
                version.FirstActivationTime ??= now.ToTimestamp();
                version.DrainageInfo = null;
                continue;
            }
            version.Status = WorkerDeploymentVersionStatus.Draining;
            version.RoutingChangedTime = now.ToTimestamp();
            version.LastDeactivationTime = now.ToTimestamp();
            version.DrainageInfo = new() { Status = VersionDrainageStatus.Draining, LastChangedTime = now.ToTimestamp(), LastCheckedTime = now.ToTimestamp() };
        }
    }

    private bool Misses(WorkerDeploymentVersion target, WorkerDeploymentVersion old, Func<WorkerDeploymentVersionInfo.Types.VersionTaskQueueInfo, bool> isActive) =>
        state.Versions.TryGetValue(old.BuildId, out var before)
        && before.TaskQueueInfos.Except(state.Versions[target.BuildId].TaskQueueInfos).Any(isActive);

    private void RequireVersion(WorkerDeploymentVersion? version, bool allowNoPollers)
    {
        if (version is null)
        {
            return;
        }
        if (version.DeploymentName != state.Name)
        {
            throw Faults.InvalidArgument($"invalid version string '{VersionNames.Old(version)}' does not match deployment name '{state.Name}'");
        }
        if (!allowNoPollers && !Has(version.BuildId))
        {
            throw Faults.NotFound($"build ID '{version.BuildId}' not found in Worker Deployment '{state.Name}'");
        }
        VersionNames.Check(version);
    }

    private void CheckToken(ByteString token)
    {
        if (!token.IsEmpty && !token.Equals(state.ConflictToken))
        {
            throw Faults.FailedPrecondition("conflict token mismatch");
        }
    }

    private void CheckManager(string identity)
    {
        if (state.ManagerIdentity.Length > 0 && state.ManagerIdentity != identity)
        {
            throw Faults.FailedPrecondition(
                $"ManagerIdentity '{state.ManagerIdentity}' is set and does not match user identity '{identity}'; to proceed, set your own identity as the ManagerIdentity, remove the ManagerIdentity, or wait for the other client to do so");
        }
    }

    private void Changed(string identity, DateTimeOffset now)
    {
        state.LastModifierIdentity = identity;
        state.ConflictToken = Token(now);
    }

    private static ByteString Token(DateTimeOffset now) => ByteString.CopyFrom(BitConverter.GetBytes(now.UtcTicks));
}
