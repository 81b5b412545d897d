using Temporalio.Api.Common.V1;
using Temporalio.Client;

namespace Temporalio.Worker.Internal;

/// <summary>What a worker says about itself in every call.</summary>
internal sealed class WorkerIdentity
{
    /// <summary>Deadline of all calls but polls: what core SDKs use.</summary>
    public static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Deadline of polls: ten seconds more than servers let a poll wait.</summary>
    public static readonly TimeSpan PollTimeout = TimeSpan.FromSeconds(70);

    /// <summary>The calls of the current client.</summary>
    public required WorkflowService Service { get; set; }

    public required string Namespace { get; init; }

    public required string TaskQueue { get; init; }

    public required string Identity { get; init; }

    public required string BuildId { get; init; }

    /// <summary>New for each worker object.</summary>
    public string InstanceKey { get; } = Guid.NewGuid().ToString();

    /// <summary>Null: the worker belongs to no deployment.</summary>
    public Api.Deployment.V1.WorkerDeploymentOptions? Deployment { get; init; }

    public required WorkerMetrics Metrics { get; init; }

    /// <summary>Null: nothing is cached, so nothing can be sticky.</summary>
    public required string? StickyQueue { get; init; }

    /// <summary>Whether the server tells how many polls it would like; known when the namespace was described.</summary>
    public bool ServerScalesPolls { get; set; }

    public WorkerVersionCapabilities Capabilities() => new() { BuildId = BuildId };

    public WorkerVersionStamp Stamp() => new() { BuildId = BuildId };

    public static RpcOptions Call() => new() { Retry = true, Timeout = CallTimeout };

    public static RpcOptions Poll(CancellationToken cancellationToken) => new() { Timeout = PollTimeout, CancellationToken = cancellationToken };
}
