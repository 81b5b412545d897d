using Durable.Protocol;
using Durable.Server.Executions;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.OperatorService.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Services;

/// <summary>Namespaces, search attributes, and what the server says of itself.</summary>
internal sealed class NamespaceService(ServiceContext context, NamespaceEraser eraser)
{
    /// <summary>The version whose behaviour this server has.</summary>
    private const string ServerVersion = "1.32.0";

    // The genuine server's; workers tell their users before they send more.
    private const int LargestCompletionBytes = 40 * 1024 * 1024;

    public void Map(RpcRouter router)
    {
        context.Map(router, WorkflowServiceMethods.GetSystemInfo, static (_, _) => Task.FromResult(SystemInfo()));
        context.Map(router, WorkflowServiceMethods.GetClusterInfo, static (_, _) => Task.FromResult(ClusterInfo()));
        context.Map(router, WorkflowServiceMethods.DescribeNamespace, DescribeAsync);
        context.Map(router, WorkflowServiceMethods.RegisterNamespace, RegisterAsync);
        context.Map(router, WorkflowServiceMethods.ListNamespaces, ListAsync);
        context.Map(router, WorkflowServiceMethods.UpdateNamespace, UpdateAsync);
        context.Map(router, WorkflowServiceMethods.DeprecateNamespace, DeprecateAsync);
        context.Map(router, WorkflowServiceMethods.GetSearchAttributes, GetSearchAttributesAsync);
        context.Map(router, OperatorServiceMethods.AddSearchAttributes, AddSearchAttributesAsync);
        context.Map(router, OperatorServiceMethods.RemoveSearchAttributes, RemoveSearchAttributesAsync);
        context.Map(router, OperatorServiceMethods.ListSearchAttributes, ListSearchAttributesAsync);
        context.Map(router, OperatorServiceMethods.DeleteNamespace, DeleteAsync);
        context.Map(router, OperatorServiceMethods.ListClusters, static (_, _) => Task.FromResult(Clusters()));
        router.Map(HealthMethods.Check, static (request, _) => request.Service is "" or WorkflowServiceMethods.Service or OperatorServiceMethods.Service
            ? Task.FromResult(new Grpc.Health.V1.HealthCheckResponse { Status = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus.Serving })
            : throw new RpcFaultException(RpcStatusCode.NotFound, "unknown service"));
    }

    private static GetSystemInfoResponse SystemInfo() => new()
    {
        ServerVersion = ServerVersion,
        Capabilities = new()
        {
            SignalAndQueryHeader = true,
            InternalErrorDifferentiation = true,
            ActivityFailureIncludeHeartbeat = true,
            SupportsSchedules = true,
            EncodedFailureAttributes = true,
            BuildIdBasedVersioning = true,
            UpsertMemo = true,
            EagerWorkflowStart = true,
            SdkMetadata = true,
            CountGroupByExecutionStatus = true,
        },
    };

    private static GetClusterInfoResponse ClusterInfo() => new()
    {
        ServerVersion = ServerVersion,
        ClusterId = "durable",
        ClusterName = "active",
        HistoryShardCount = 1,
        InitialFailoverVersion = 1,
        FailoverVersionIncrement = 10,
        SupportedClients =
        {
            ["Nexus-go-sdk"] = "<2.0.0",
            ["temporal-cli"] = "<2.0.0",
            ["temporal-go"] = "<2.0.0",
            ["temporal-java"] = "<2.0.0",
            ["temporal-php"] = "<2.0.0",
            ["temporal-server"] = "<2.0.0",
            ["temporal-typescript"] = "<2.0.0",
            ["temporal-ui"] = "<3.0.0",
        },
        PersistenceStore = "sqlite",
        VisibilityStore = "sqlite",
    };

    private static ListClustersResponse Clusters()
    {
        var self = ClusterInfo();
        return new()
        {
            Clusters =
            {
                new ClusterMetadata
                {
                    ClusterName = self.ClusterName,
                    ClusterId = self.ClusterId,
                    HistoryShardCount = self.HistoryShardCount,
                    InitialFailoverVersion = self.InitialFailoverVersion,
                    IsConnectionEnabled = true,
                },
            },
        };
    }

    private Task<DescribeNamespaceResponse> DescribeAsync(DescribeNamespaceRequest request, RpcServerCall call) =>
        Task.FromResult(Describe((request.Namespace.Length > 0, request.Id.Length > 0) switch
        {
            (true, true) => throw Faults.InvalidArgument("GetNamespace operation failed. Both ID and Name specified in request."),
            (true, false) => context.Namespaces.Get(request.Namespace),
            (false, true) => context.Namespaces.GetById(request.Id),
            (false, false) => throw Faults.InvalidArgument("Namespace not set on request."),
        }));

    private DescribeNamespaceResponse Describe(DescribeNamespaceResponse stored)
    {
        var description = stored.Clone();
        description.NamespaceInfo.Capabilities = new() { EagerWorkflowStart = true, SyncUpdate = true, AsyncUpdate = true, WorkerHeartbeats = true, WorkerPollCompleteOnShutdown = true };
        description.NamespaceInfo.Limits = new()
        {
            BlobSizeLimitError = context.Runs.Limits.BlobBytes,
            MemoSizeLimitError = context.Runs.Limits.MemoBytes,
            WorkflowTaskCompletionSizeLimitError = LargestCompletionBytes,
        };
        description.NamespaceInfo.SupportsSchedules = true;
        description.Config.BadBinaries ??= new();
        return description;
    }

    private async Task<RegisterNamespaceResponse> RegisterAsync(RegisterNamespaceRequest request, RpcServerCall call)
    {
        ServiceContext.RequireId(request.Namespace, "Namespace");
        var retention = RetentionOf(request.WorkflowExecutionRetentionPeriod);
        await context.Namespaces.RegisterAsync(
            request.Namespace, context.Runs.Ids.NewUuid(), retention, request.Description, request.OwnerEmail, request.Data).ConfigureAwait(false);
        return new();
    }

    private static TimeSpan RetentionOf(Duration? period) => Durations.Within(period, Durations.Longest) is { Ticks: > 0 } retention
        ? retention
        : throw Faults.InvalidArgument("A valid retention period is not set on request.");

    private Task<ListNamespacesResponse> ListAsync(ListNamespacesRequest request, RpcServerCall call)
    {
        var after = request.NextPageToken.ToStringUtf8();
        var size = request.PageSize > 0 ? request.PageSize : 100;
        var page = context.Namespaces.All.Where(found => string.CompareOrdinal(found.NamespaceInfo.Name, after) > 0).Take(size).Select(Describe).ToArray();
        var response = new ListNamespacesResponse();
        response.Namespaces.AddRange(page);
        if (page.Length == size)
        {
            response.NextPageToken = ByteString.CopyFromUtf8(page[^1].NamespaceInfo.Name);
        }
        return Task.FromResult(response);
    }

    private async Task<UpdateNamespaceResponse> UpdateAsync(UpdateNamespaceRequest request, RpcServerCall call)
    {
        var changed = context.Namespaces.Get(request.Namespace).Clone();
        if (request.UpdateInfo is { } info)
        {
            changed.NamespaceInfo.Description = info.Description.Length > 0 ? info.Description : changed.NamespaceInfo.Description;
            changed.NamespaceInfo.OwnerEmail = info.OwnerEmail.Length > 0 ? info.OwnerEmail : changed.NamespaceInfo.OwnerEmail;
            foreach (var (key, value) in info.Data)
            {
                changed.NamespaceInfo.Data[key] = value;
            }
        }
        if (request.Config?.WorkflowExecutionRetentionTtl is { } retention)
        {
            changed.Config.WorkflowExecutionRetentionTtl = RetentionOf(retention).ToDuration();
        }
        await context.Namespaces.SaveAsync(changed).ConfigureAwait(false);
        return new() { NamespaceInfo = changed.NamespaceInfo, Config = changed.Config, ReplicationConfig = changed.ReplicationConfig };
    }

    private async Task<DeprecateNamespaceResponse> DeprecateAsync(DeprecateNamespaceRequest request, RpcServerCall call)
    {
        var changed = context.Namespaces.Get(request.Namespace).Clone();
        changed.NamespaceInfo.State = NamespaceState.Deprecated;
        await context.Namespaces.SaveAsync(changed).ConfigureAwait(false);
        return new();
    }

    /// <summary>The answer has the name under which the genuine server keeps it until it is gone.</summary>
    private async Task<DeleteNamespaceResponse> DeleteAsync(DeleteNamespaceRequest request, RpcServerCall call)
    {
        var info = (request.Namespace.Length > 0 ? context.Namespaces.Get(request.Namespace) : context.Namespaces.GetById(request.NamespaceId)).NamespaceInfo;
        await eraser.DeleteAsync(info.Name).ConfigureAwait(false);
        return new() { DeletedNamespace = $"{info.Name}-deleted-{info.Id[..5]}" };
    }

    private Task<GetSearchAttributesResponse> GetSearchAttributesAsync(GetSearchAttributesRequest request, RpcServerCall call)
    {
        var response = new GetSearchAttributesResponse();
        foreach (var (name, type) in context.Namespaces.SystemAttributes.Concat(context.Namespaces.CustomAttributes("default")))
        {
            response.Keys[name] = type;
        }
        return Task.FromResult(response);
    }

    private async Task<AddSearchAttributesResponse> AddSearchAttributesAsync(AddSearchAttributesRequest request, RpcServerCall call)
    {
        var target = request.Namespace.Length > 0 ? request.Namespace : "default";
        context.Namespaces.Require(target);
        if (request.SearchAttributes.Count == 0)
        {
            throw Faults.InvalidArgument("SearchAttributes are not set on request.");
        }
        await context.Namespaces.AddAttributesAsync(target, request.SearchAttributes).ConfigureAwait(false);
        return new();
    }

    private async Task<RemoveSearchAttributesResponse> RemoveSearchAttributesAsync(RemoveSearchAttributesRequest request, RpcServerCall call)
    {
        var target = request.Namespace.Length > 0 ? request.Namespace : "default";
        context.Namespaces.Require(target);
        await context.Namespaces.RemoveAttributesAsync(target, request.SearchAttributes).ConfigureAwait(false);
        return new();
    }

    private Task<ListSearchAttributesResponse> ListSearchAttributesAsync(ListSearchAttributesRequest request, RpcServerCall call)
    {
        var target = request.Namespace.Length > 0 ? request.Namespace : "default";
        context.Namespaces.Require(target);
        var response = new ListSearchAttributesResponse();
        foreach (var (name, type) in context.Namespaces.SystemAttributes)
        {
            response.SystemAttributes[name] = type;
        }
        foreach (var (name, type) in context.Namespaces.CustomAttributes(target))
        {
            response.CustomAttributes[name] = type;
        }
        return Task.FromResult(response);
    }
}
