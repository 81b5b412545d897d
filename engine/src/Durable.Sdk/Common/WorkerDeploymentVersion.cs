namespace Temporalio.Common;

/// <summary>A version of a worker deployment.</summary>
public sealed record WorkerDeploymentVersion(string DeploymentName, string BuildId)
{
    /// <exception cref="ArgumentException">Not "name.build".</exception>
    public static WorkerDeploymentVersion FromCanonicalString(string canonical) =>
        canonical.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot
            ? new(canonical[..dot], canonical[(dot + 1)..])
            : throw new ArgumentException($"Cannot parse version string '{canonical}': expected <deployment name>.<build id>");

    public string ToCanonicalString() => $"{DeploymentName}.{BuildId}";
}
