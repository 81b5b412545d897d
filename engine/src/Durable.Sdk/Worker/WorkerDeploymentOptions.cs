using Temporalio.Common;

namespace Temporalio.Worker;

/// <summary>Which version of a deployment a worker is.</summary>
public class WorkerDeploymentOptions : ICloneable
{
    public WorkerDeploymentOptions()
    {
    }

    public WorkerDeploymentOptions(WorkerDeploymentVersion version, bool useWorkerVersioning)
    {
        Version = version;
        UseWorkerVersioning = useWorkerVersioning;
    }

    public WorkerDeploymentVersion? Version { get; set; }

    /// <summary>Whether the server routes by version.</summary>
    public bool UseWorkerVersioning { get; set; }

    /// <summary>For workflows that do not say it themselves.</summary>
    public VersioningBehavior DefaultVersioningBehavior { get; set; } = VersioningBehavior.Unspecified;

    /// <summary>A shallow copy.</summary>
    public virtual object Clone() => MemberwiseClone();
}
