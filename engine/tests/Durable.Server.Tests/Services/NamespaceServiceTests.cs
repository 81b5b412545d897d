using Durable.Protocol;
using Durable.Server.Storage;
using Durable.Server.Tests.Engine;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.OperatorService.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Services;

public class NamespaceServiceTests
{
    [Fact]
    public async Task Announcements_AreTheGenuineServers_ButForWhatIsNotBuilt()
    {
        await using var server = await TestServer.StartAsync();
        var system = await server.CallAsync(WorkflowServiceMethods.GetSystemInfo, new GetSystemInfoRequest());
        system.ServerVersion.ShouldBe("1.32.0");
        // Not built: Nexus, deployments that the server scales.
        system.Capabilities.ShouldBe(new()
        {
            SignalAndQueryHeader = true, InternalErrorDifferentiation = true, ActivityFailureIncludeHeartbeat = true, SupportsSchedules = true,
            EncodedFailureAttributes = true, BuildIdBasedVersioning = true, UpsertMemo = true, EagerWorkflowStart = true, SdkMetadata = true, CountGroupByExecutionStatus = true,
        });
        var cluster = await server.CallAsync(WorkflowServiceMethods.GetClusterInfo, new GetClusterInfoRequest());
        var listed = (await server.CallAsync(OperatorServiceMethods.ListClusters, new ListClustersRequest())).Clusters.ShouldHaveSingleItem();
        (listed.ClusterName, listed.ClusterId, listed.IsConnectionEnabled).ShouldBe((cluster.ClusterName, cluster.ClusterId, true));
        (cluster.ClusterName, cluster.HistoryShardCount, cluster.PersistenceStore, cluster.VisibilityStore, cluster.SupportedClients["temporal-cli"])
            .ShouldBe(("active", 1, "sqlite", "sqlite", "<2.0.0"));

        var described = await DescribeAsync(server, new() { Namespace = TestServer.Namespace });
        described.NamespaceInfo.Capabilities.ShouldBe(new()
        {
            // As the genuine server's, but for activities without a workflow, hints for pollers and problems of workflows; and polls do end with their worker.
            EagerWorkflowStart = true, SyncUpdate = true, AsyncUpdate = true, WorkerHeartbeats = true, WorkerPollCompleteOnShutdown = true,
        });
        described.NamespaceInfo.Limits.ShouldBe(new() { BlobSizeLimitError = 2_097_152, MemoSizeLimitError = 2_097_152, WorkflowTaskCompletionSizeLimitError = 41_943_040 });
        described.NamespaceInfo.SupportsSchedules.ShouldBeTrue();
        described.NamespaceInfo.State.ShouldBe(NamespaceState.Registered);
        described.Config.WorkflowExecutionRetentionTtl.ToTimeSpan().ShouldBe(TimeSpan.FromDays(1));
        described.ReplicationConfig.ActiveClusterName.ShouldBe("active");
        (await DescribeAsync(server, new() { Id = described.NamespaceInfo.Id })).ShouldBe(described);
    }

    [Theory]
    [InlineData("", "", RpcStatusCode.InvalidArgument, "Namespace not set on request.")]
    [InlineData("default", "id", RpcStatusCode.InvalidArgument, "GetNamespace operation failed. Both ID and Name specified in request.")]
    [InlineData("other", "", RpcStatusCode.NotFound, "Namespace other is not found.")]
    [InlineData("", "id", RpcStatusCode.NotFound, "Namespace id is not found.")]
    public async Task Describe_OfNothingOrUnknown_SaysWhich(string name, string id, RpcStatusCode code, string message)
    {
        await using var server = await TestServer.StartAsync();
        var fault = await Should.ThrowAsync<RpcFaultException>(() => DescribeAsync(server, new() { Namespace = name, Id = id }));
        (fault.Code, fault.Message).ShouldBe((code, message));
    }

    [Fact]
    public async Task Namespaces_AreRegisteredListedChangedAndDeprecated()
    {
        await using var server = await TestServer.StartAsync();
        var register = new RegisterNamespaceRequest { Namespace = "other", WorkflowExecutionRetentionPeriod = TimeSpan.FromDays(3).ToDuration(), Description = "one", Data = { ["a"] = "1" } };
        await server.CallAsync(WorkflowServiceMethods.RegisterNamespace, register);
        var again = await Should.ThrowAsync<RpcFaultException>(() => server.CallAsync(WorkflowServiceMethods.RegisterNamespace, register));
        (again.Code, again.Message).ShouldBe((RpcStatusCode.AlreadyExists, "Namespace \"other\" already exists"));
        again.Details.ShouldHaveSingleItem().Is(NamespaceAlreadyExistsFailure.Descriptor).ShouldBeTrue();

        var names = new List<string>();
        var list = new ListNamespacesRequest { PageSize = 2 };
        do
        {
            var page = await server.CallAsync(WorkflowServiceMethods.ListNamespaces, list);
            names.AddRange(page.Namespaces.Select(static found => found.NamespaceInfo.Name));
            list.NextPageToken = page.NextPageToken;
        }
        while (!list.NextPageToken.IsEmpty);
        names.ShouldBe(["default", "other", "temporal-system"]);

        await server.CallAsync(WorkflowServiceMethods.UpdateNamespace, new UpdateNamespaceRequest
        {
            Namespace = "other", UpdateInfo = new() { OwnerEmail = "owner", Data = { ["b"] = "2" } }, Config = new() { WorkflowExecutionRetentionTtl = TimeSpan.FromDays(5).ToDuration() },
        });
        await server.CallAsync(WorkflowServiceMethods.DeprecateNamespace, new DeprecateNamespaceRequest { Namespace = "other" });
        var described = await DescribeAsync(server, new() { Namespace = "other" });
        (described.NamespaceInfo.Description, described.NamespaceInfo.OwnerEmail, described.NamespaceInfo.State).ShouldBe(("one", "owner", NamespaceState.Deprecated));
        described.NamespaceInfo.Data.Keys.ShouldBe(["a", "b"], ignoreOrder: true);
        described.Config.WorkflowExecutionRetentionTtl.ToTimeSpan().ShouldBe(TimeSpan.FromDays(5));
    }

    // The name is unknown at once; what was under it goes, also over a restart, and then the name is free.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Delete_TakesEverythingUnderIt(bool restart)
    {
        var store = new FaultyStore(new MemoryStore());
        var server = await TestServer.StartAsync(store);
        await RegisterAsync(server);
        for (var i = 0; i < 3; i++)
        {
            await server.StartAsync($"w{i}", configure: static request => request.Namespace = "other");
        }
        await server.StartAsync("stays");
        store.Fails = static transaction => transaction.DeletedRuns.Count > 0;
        var id = (await DescribeAsync(server, new() { Namespace = "other" })).NamespaceInfo.Id;
        var deleted = await server.CallAsync(OperatorServiceMethods.DeleteNamespace, new DeleteNamespaceRequest { Namespace = "other" });
        deleted.DeletedNamespace.ShouldBe($"other-deleted-{id[..5]}");
        (await Should.ThrowAsync<RpcFaultException>(() => DescribeAsync(server, new() { Namespace = "other" }))).Code.ShouldBe(RpcStatusCode.NotFound);
        (await Should.ThrowAsync<RpcFaultException>(() => server.StartAsync("w0", configure: static request => request.Namespace = "other"))).Code.ShouldBe(RpcStatusCode.NotFound);
        (await Should.ThrowAsync<RpcFaultException>(() => RegisterAsync(server))).Code.ShouldBe(RpcStatusCode.Unavailable);
        if (restart)
        {
            await server.DisposeAsync();
            server = await TestServer.StartAsync(store);
        }
        store.Fails = static _ => false;
        await StoreFailureTests.UntilAsync(async () =>
        {
            try
            {
                await RegisterAsync(server);
                return true;
            }
            catch (RpcFaultException busy) when (busy.Code == RpcStatusCode.Unavailable)
            {
                return false;
            }
        });
        (await server.CallAsync(WorkflowServiceMethods.CountWorkflowExecutions, new CountWorkflowExecutionsRequest { Namespace = "other" })).Count.ShouldBe(0);
        (await server.DescribeAsync("stays")).WorkflowExecutionInfo.Status.ShouldBe(WorkflowExecutionStatus.Running);
        await server.DisposeAsync();
    }

    [Theory]
    [InlineData("missing", RpcStatusCode.NotFound, "Namespace missing is not found.")]
    [InlineData("temporal-system", RpcStatusCode.InvalidArgument, "unable to delete system namespace")]
    public async Task Delete_OfNoneOrTheServersOwn_IsRefused(string name, RpcStatusCode code, string message)
    {
        await using var server = await TestServer.StartAsync();
        var fault = await Should.ThrowAsync<RpcFaultException>(() => server.CallAsync(OperatorServiceMethods.DeleteNamespace, new DeleteNamespaceRequest { Namespace = name }));
        (fault.Code, fault.Message).ShouldBe((code, message));
    }

    [Fact]
    public async Task UnknownNamespace_NotFound_NamingIt()
    {
        await using var server = await TestServer.StartAsync();
        var fault = await Should.ThrowAsync<RpcFaultException>(() => DescribeAsync(server, new() { Namespace = "missing" }));
        (fault.Code, fault.Message).ShouldBe((RpcStatusCode.NotFound, "Namespace missing is not found."));
        fault.Details.ShouldHaveSingleItem().Unpack<NamespaceNotFoundFailure>().Namespace.ShouldBe("missing");
    }

    [Fact]
    public async Task SearchAttributes_AreAddedListedAndRemoved()
    {
        await using var server = await TestServer.StartAsync();
        var add = new AddSearchAttributesRequest { Namespace = TestServer.Namespace, SearchAttributes = { ["Custom"] = IndexedValueType.Int } };
        await server.CallAsync(OperatorServiceMethods.AddSearchAttributes, add);
        await server.CallAsync(OperatorServiceMethods.AddSearchAttributes, add);
        var listed = await server.CallAsync(OperatorServiceMethods.ListSearchAttributes, new ListSearchAttributesRequest { Namespace = TestServer.Namespace });
        listed.CustomAttributes["Custom"].ShouldBe(IndexedValueType.Int);
        listed.SystemAttributes["WorkflowId"].ShouldBe(IndexedValueType.Keyword);
        (await server.CallAsync(WorkflowServiceMethods.GetSearchAttributes, new GetSearchAttributesRequest())).Keys["Custom"].ShouldBe(IndexedValueType.Int);

        var remove = new RemoveSearchAttributesRequest { Namespace = TestServer.Namespace, SearchAttributes = { "Custom" } };
        await server.CallAsync(OperatorServiceMethods.RemoveSearchAttributes, remove);
        (await Should.ThrowAsync<RpcFaultException>(() => server.CallAsync(OperatorServiceMethods.RemoveSearchAttributes, remove))).Code.ShouldBe(RpcStatusCode.NotFound);
        (await Should.ThrowAsync<RpcFaultException>(() => server.CallAsync(
            OperatorServiceMethods.AddSearchAttributes, new AddSearchAttributesRequest { SearchAttributes = { ["WorkflowId"] = IndexedValueType.Keyword } }))).Message
            .ShouldBe("Search attribute WorkflowId is reserved by system.");
    }

    private static Task RegisterAsync(TestServer server) => server.CallAsync(
        WorkflowServiceMethods.RegisterNamespace, new RegisterNamespaceRequest { Namespace = "other", WorkflowExecutionRetentionPeriod = TimeSpan.FromDays(1).ToDuration() });

    private static Task<DescribeNamespaceResponse> DescribeAsync(TestServer server, DescribeNamespaceRequest request) =>
        server.CallAsync(WorkflowServiceMethods.DescribeNamespace, request);
}
