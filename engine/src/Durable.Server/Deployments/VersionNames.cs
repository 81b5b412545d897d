using System.Diagnostics.CodeAnalysis;
using System.Text;
using Durable.Server.Executions;
using Temporalio.Api.Deployment.V1;
using Temporalio.Api.Enums.V1;

namespace Durable.Server.Deployments;

/// <summary>How versions of deployments are written: <c>deployment:build</c>, and <c>deployment.build</c> in the deprecated fields.</summary>
internal static class VersionNames
{
    /// <summary>What the deprecated fields say where there is no version.</summary>
    public const string Unversioned = "__unversioned__";

    // Of the 1,000 bytes of an id, less what the genuine server puts before them, each name has half.
    private const int MaximumBytes = 480;

    [return: NotNullIfNotNull(nameof(version))]
    public static string? KeyOf(WorkerDeploymentVersion? version) => version is null ? null : $"{version.DeploymentName}:{version.BuildId}";

    public static string Old(WorkerDeploymentVersion? version) => version is null ? Unversioned : $"{version.DeploymentName}.{version.BuildId}";

    /// <summary>The version of a worker that takes part in versioning; null: it does not.</summary>
    public static WorkerDeploymentVersion? Of(WorkerDeploymentOptions? options) =>
        options is { WorkerVersioningMode: WorkerVersioningMode.Versioned }
            ? new() { DeploymentName = options.DeploymentName, BuildId = options.BuildId }
            : null;

    /// <summary>Reads both ways of writing; null: <see cref="Unversioned"/>.</summary>
    /// <exception cref="Durable.Protocol.RpcFaultException">INVALID_ARGUMENT.</exception>
    public static WorkerDeploymentVersion? Parse(string text)
    {
        if (text == Unversioned)
        {
            return null;
        }
        var at = text.AsSpan().IndexOfAny('.', ':');
        return at > 0 && at < text.Length - 1
            ? new() { DeploymentName = text[..at], BuildId = text[(at + 1)..] }
            : throw Faults.InvalidArgument($"invalid version string \"{text}\", expected format is \"<deployment_name>.<build_id>\"");
    }

    /// <summary>The version of a request that may have it in either field.</summary>
    /// <exception cref="Durable.Protocol.RpcFaultException">INVALID_ARGUMENT.</exception>
    public static WorkerDeploymentVersion Required(WorkerDeploymentVersion? version, string old)
    {
        version ??= old.Length > 0 ? Parse(old) : null;
        if (version is null)
        {
            throw Faults.InvalidArgument("deployment version cannot be nil");
        }
        Check(version);
        return version;
    }

    public static void Check(WorkerDeploymentVersion version)
    {
        CheckDeployment(version.DeploymentName);
        CheckField("BuildID", version.BuildId);
    }

    public static void CheckDeployment(string name)
    {
        CheckField("WorkerDeploymentName", name);
        foreach (var banned in (ReadOnlySpan<char>)['.', ':'])
        {
            if (name.Contains(banned, StringComparison.Ordinal))
            {
                throw Faults.InvalidArgument($"worker deployment name cannot contain '{banned}'");
            }
        }
    }

    private static void CheckField(string field, string value)
    {
        if (value.Length == 0)
        {
            throw Faults.InvalidArgument($"{field} cannot be empty");
        }
        if (Encoding.UTF8.GetByteCount(value) > MaximumBytes)
        {
            throw Faults.InvalidArgument($"size of {field} larger than the maximum allowed");
        }
        if (value.StartsWith("__", StringComparison.Ordinal))
        {
            throw Faults.InvalidArgument($"{field} cannot start with '__'");
        }
    }
}
