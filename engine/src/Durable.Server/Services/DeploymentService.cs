using Durable.Protocol;
using Durable.Server.Deployments;
using Durable.Server.Executions;
using Durable.Server.Matching;
using Durable.Server.Storage;
using Durable.Server.Visibility;
using Google.Protobuf;
using Temporalio.Api.Deployment.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using Deployment = Durable.Server.Deployments.Deployment;

namespace Durable.Server.Services;

/// <summary>Worker deployments: shown, routed and taken away. They come to be when a worker of a version polls.</summary>
internal sealed class DeploymentService(ServiceContext context)
{
    private const int LongestPage = 1000;

    private DeploymentRegistry Deployments => context.Engine.Deployments;

    public void Map(RpcRouter router)
    {
        context.Map(router, WorkflowServiceMethods.DescribeWorkerDeployment, DescribeAsync);
        context.Map(router, WorkflowServiceMethods.ListWorkerDeployments, ListAsync);
        context.Map(router, WorkflowServiceMethods.DescribeWorkerDeploymentVersion, DescribeVersionAsync);
        context.Map(router, WorkflowServiceMethods.SetWorkerDeploymentCurrentVersion, SetCurrentAsync);
        context.Map(router, WorkflowServiceMethods.SetWorkerDeploymentRampingVersion, SetRampingAsync);
        context.Map(router, WorkflowServiceMethods.SetWorkerDeploymentManager, SetManagerAsync);
        context.Map(router, WorkflowServiceMethods.UpdateWorkerDeploymentVersionMetadata, UpdateMetadataAsync);
        context.Map(router, WorkflowServiceMethods.DeleteWorkerDeploymentVersion, DeleteVersionAsync);
        context.Map(router, WorkflowServiceMethods.DeleteWorkerDeployment, DeleteAsync);
    }

    private async Task<DescribeWorkerDeploymentResponse> DescribeAsync(DescribeWorkerDeploymentRequest request, RpcServerCall call)
    {
        var deployment = await FindAsync(request.Namespace, request.DeploymentName).ConfigureAwait(false);
        return new() { ConflictToken = deployment.ConflictToken, WorkerDeploymentInfo = deployment.Describe() };
    }

    private Task<ListWorkerDeploymentsResponse> ListAsync(ListWorkerDeploymentsRequest request, RpcServerCall call)
    {
        context.Namespaces.Require(request.Namespace);
        var after = request.NextPageToken.ToStringUtf8();
        var size = request.PageSize is > 0 and < LongestPage ? request.PageSize : LongestPage;
        var page = Deployments.All(request.Namespace).Where(found => string.CompareOrdinal(found.Name, after) > 0).Take(size + 1).ToList();
        var response = new ListWorkerDeploymentsResponse();
        response.WorkerDeployments.AddRange(page.Take(size).Select(static found => found.Listed()));
        if (page.Count > size)
        {
            response.NextPageToken = ByteString.CopyFromUtf8(page[size - 1].Name);
        }
        return Task.FromResult(response);
    }

    private async Task<DescribeWorkerDeploymentVersionResponse> DescribeVersionAsync(DescribeWorkerDeploymentVersionRequest request, RpcServerCall call)
    {
#pragma warning disable CS0612 // Older clients send and read it.
        var version = VersionNames.Required(request.DeploymentVersion, request.Version);
        context.Namespaces.Require(request.Namespace);
        if (Deployments.Find(request.Namespace, version.DeploymentName) is null)
        {
            throw Faults.NotFound("Worker Deployment Version not found");
        }
        var info = (await FindAsync(request.Namespace, version.DeploymentName).ConfigureAwait(false)).Version(version.BuildId).Clone();
        info.Version = VersionNames.Old(version);
#pragma warning restore CS0612
        var response = new DescribeWorkerDeploymentVersionResponse { WorkerDeploymentVersionInfo = info };
        foreach (var queue in info.TaskQueueInfos)
        {
            response.VersionTaskQueues.Add(new DescribeWorkerDeploymentVersionResponse.Types.VersionTaskQueue
            {
                Name = queue.Name,
                Type = queue.Type,
                Stats = request.ReportTaskQueueStats
                    ? new() { ApproximateBacklogCount = context.Matcher.Backlog(KeyOf(request.Namespace, queue, version)), ApproximateBacklogAge = new() }
                    : null,
            });
        }
        return response;
    }

    private Task<SetWorkerDeploymentCurrentVersionResponse> SetCurrentAsync(SetWorkerDeploymentCurrentVersionRequest request, RpcServerCall call)
    {
        Require(request.Namespace, request.DeploymentName);
#pragma warning disable CS0612 // Older clients send it.
        var version = request.Version;
#pragma warning restore CS0612
        if (version.Length == 0)
        {
            version = VersionNames.Old(request.BuildId.Length > 0 ? new() { DeploymentName = request.DeploymentName, BuildId = request.BuildId } : null);
        }
        return Deployments.ChangeAsync(request.Namespace, request.DeploymentName, request.AllowNoPollers, deployment =>
            deployment.SetCurrent(Written(version), request, queue => IsActive(request.Namespace, queue), context.Engine.Now));
    }

    private Task<SetWorkerDeploymentRampingVersionResponse> SetRampingAsync(SetWorkerDeploymentRampingVersionRequest request, RpcServerCall call)
    {
        Require(request.Namespace, request.DeploymentName);
        if (request.Percentage is not (>= 0 and <= 100))
        {
            throw Faults.InvalidArgument("Percentage must be between 0 and 100 (inclusive)");
        }
#pragma warning disable CS0612 // Older clients send it.
        var version = request.Version;
#pragma warning restore CS0612
        if (version.Length == 0 && request.BuildId.Length > 0)
        {
            version = VersionNames.Old(new() { DeploymentName = request.DeploymentName, BuildId = request.BuildId });
        }
        if (request.BuildId.Length == 0 && version is "" or VersionNames.Unversioned)
        {
            // To no version; with no share at all, the ramp ends.
            version = request.Percentage > 0 ? VersionNames.Unversioned : "";
        }
        return Deployments.ChangeAsync(request.Namespace, request.DeploymentName, request.AllowNoPollers, deployment =>
            deployment.SetRamping(version.Length > 0 ? Written(version) : "", request, queue => IsActive(request.Namespace, queue), context.Engine.Now));
    }

    private Task<SetWorkerDeploymentManagerResponse> SetManagerAsync(SetWorkerDeploymentManagerRequest request, RpcServerCall call)
    {
        Require(request.Namespace, request.DeploymentName);
        var manager = request.Self ? request.Identity : request.ManagerIdentity;
        return Deployments.ChangeAsync(request.Namespace, request.DeploymentName, mayCreate: false, deployment =>
            deployment.SetManager(manager, request.Identity, request.ConflictToken, context.Engine.Now));
    }

    private async Task<UpdateWorkerDeploymentVersionMetadataResponse> UpdateMetadataAsync(UpdateWorkerDeploymentVersionMetadataRequest request, RpcServerCall call)
    {
#pragma warning disable CS0612 // Older clients send it.
        var version = VersionNames.Required(request.DeploymentVersion, request.Version);
#pragma warning restore CS0612
        context.Namespaces.Require(request.Namespace);
        foreach (var entry in request.UpsertEntries.Values)
        {
            context.RequireBlob(entry);
        }
        return new()
        {
            Metadata = await Deployments.ChangeAsync(
                request.Namespace, version.DeploymentName, mayCreate: false, deployment => deployment.UpdateMetadata(version.BuildId, request)).ConfigureAwait(false),
        };
    }

    private async Task<DeleteWorkerDeploymentVersionResponse> DeleteVersionAsync(DeleteWorkerDeploymentVersionRequest request, RpcServerCall call)
    {
#pragma warning disable CS0612 // Older clients send it.
        var version = VersionNames.Required(request.DeploymentVersion, request.Version);
#pragma warning restore CS0612
        var found = await FindAsync(request.Namespace, version.DeploymentName).ConfigureAwait(false);
        var hasPollers = found.Has(version.BuildId)
            && found.Version(version.BuildId).TaskQueueInfos.Any(queue => context.Matcher.Pollers(KeyOf(request.Namespace, queue, version)).Count > 0);
        await Deployments.ChangeAsync(request.Namespace, version.DeploymentName, mayCreate: false, deployment =>
        {
            deployment.DeleteVersion(version, request.SkipDrainage, request.Identity, hasPollers);
            return true;
        }).ConfigureAwait(false);
        return new();
    }

    private async Task<DeleteWorkerDeploymentResponse> DeleteAsync(DeleteWorkerDeploymentRequest request, RpcServerCall call)
    {
        Require(request.Namespace, request.DeploymentName);
        await Deployments.DeleteAsync(request.Namespace, request.DeploymentName).ConfigureAwait(false);
        return new();
    }

    private void Require(string namespaceName, string deployment)
    {
        context.Namespaces.Require(namespaceName);
        VersionNames.CheckDeployment(deployment);
    }

    /// <summary>The deployment, with what may have drained meanwhile: nothing else asks, so it is looked at when somebody looks.</summary>
    private async Task<Deployment> FindAsync(string namespaceName, string name)
    {
        Require(namespaceName, name);
        var found = Deployments.Find(namespaceName, name) ?? throw DeploymentRegistry.NotFound(name);
        foreach (var version in found.MaybeDrained(context.Engine.Now))
        {
            var bound = new AndExpression(
                new ComparisonExpression("ExecutionStatus", "=", [nameof(WorkflowExecutionStatus.Running)]),
                new AndExpression(
                    new ComparisonExpression("TemporalWorkflowVersioningBehavior", "=", [nameof(VersioningBehavior.Pinned)]),
                    new ComparisonExpression("TemporalWorkerDeploymentVersion", "=", [VersionNames.KeyOf(version)])));
            if ((await context.Store.CountAsync(new VisibilityRequest(namespaceName, bound)).ConfigureAwait(false)).Sum(static count => count.Count) == 0)
            {
                found = await Deployments.ChangeAsync(namespaceName, name, mayCreate: false, deployment =>
                {
                    deployment.Drained(version.BuildId, context.Engine.Now);
                    return deployment;
                }).ConfigureAwait(false);
            }
        }
        return found;
    }

    private bool IsActive(string namespaceName, WorkerDeploymentVersionInfo.Types.VersionTaskQueueInfo queue) =>
        context.Matcher.VersionsOf(new TaskQueueKey(namespaceName, queue.Name, queue.Type)).Any(key => context.Matcher.Backlog(key) > 0);

    private static string Written(string version) => VersionNames.Old(VersionNames.Parse(version));

    private static TaskQueueKey KeyOf(string namespaceName, WorkerDeploymentVersionInfo.Types.VersionTaskQueueInfo queue, WorkerDeploymentVersion version) =>
        new(namespaceName, queue.Name, queue.Type, VersionNames.KeyOf(version));
}
