using Durable.Protocol;
using Durable.Server.Storage;
using Durable.Server.Tests.Engine;
using Durable.Server.Tests.Executions;
using Temporalio.Api.Deployment.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Workflow.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Services;

// Aim: tasks go to workers of the version that the workflow is bound to, or that the deployment says; and everybody is told which it is.
public class DeploymentServiceTests
{
    private const string Sticky = "sticky";

    [Fact]
    public async Task NewWorkflows_GoToTheCurrentVersion_PinnedOnesStayThere_OthersMoveOn()
    {
        await using var server = await TestServer.StartAsync();
        await RegisterAsync(server, "1", "2");
        await SetCurrentAsync(server, "1");
        await server.StartAsync("pinned");
        await CompleteAsync(server, (await PollAsync(server, "1"))!, "1", VersioningBehavior.Pinned);
        await server.StartAsync("moving");
        await CompleteAsync(server, (await PollAsync(server, "1"))!, "1", VersioningBehavior.AutoUpgrade);

        await SetCurrentAsync(server, "2");
        await server.SignalAsync("pinned", "signal");
        await server.SignalAsync("moving", "signal");
        (await PollAsync(server, "1"))!.WorkflowExecution.WorkflowId.ShouldBe("pinned");
        var moved = (await PollAsync(server, "2"))!;
        moved.WorkflowExecution.WorkflowId.ShouldBe("moving");
        await CompleteAsync(server, moved, "2", VersioningBehavior.AutoUpgrade);

        var event1 = (await server.HistoryAsync("moving"))[^1].WorkflowTaskCompletedEventAttributes;
        (event1.WorkerDeploymentName, event1.DeploymentVersion, event1.VersioningBehavior).ShouldBe(("d", Version("2"), VersioningBehavior.AutoUpgrade));
        var shown = (await server.DescribeAsync("moving")).WorkflowExecutionInfo;
        (shown.WorkerDeploymentName, shown.VersioningInfo.DeploymentVersion, shown.VersioningInfo.Behavior).ShouldBe(("d", Version("2"), VersioningBehavior.AutoUpgrade));
        shown.SearchAttributes.IndexedFields["TemporalWorkerDeploymentVersion"].Data.ToStringUtf8().ShouldBe("\"d:2\"");
        (await server.DescribeAsync("pinned")).WorkflowExecutionInfo.SearchAttributes.IndexedFields["BuildIds"].Data.ToStringUtf8().ShouldBe("[\"pinned:d:1\"]");
    }

    [Fact]
    public async Task WaitingTasks_MoveWithTheRouting()
    {
        await using var server = await TestServer.StartAsync();
        await RegisterAsync(server, "1", "2");
        await server.StartAsync("w");
        // Nobody is current: workers without a version would get it.
        (await PollAsync(server, "1", TimeSpan.FromSeconds(0.1))).ShouldBeNull();
        await SetCurrentAsync(server, "1");
        await SetCurrentAsync(server, "2");
        (await PollAsync(server, "2"))!.WorkflowExecution.WorkflowId.ShouldBe("w");
    }

    // The version moved on while the run is cached by a worker that still polls.
    [Fact]
    public async Task CachedWorkflow_LeavesItsWorkerWhenItsVersionIsNoLongerTheCurrentOne()
    {
        await using var server = await TestServer.StartAsync();
        await RegisterAsync(server, "1", "2");
        await SetCurrentAsync(server, "1");
        await server.StartAsync("w");
        var first = (await PollAsync(server, "1"))!;
        var cached = server.BeginAsync(
            WorkflowServiceMethods.PollWorkflowTaskQueue,
            new PollWorkflowTaskQueueRequest { Namespace = TestServer.Namespace, TaskQueue = new() { Name = Sticky, Kind = TaskQueueKind.Sticky, NormalName = TestServer.Queue } });
        await StoreFailureTests.WaitForPollerAsync(server, Sticky);
        await CompleteAsync(server, first, "1", VersioningBehavior.AutoUpgrade, static request => request.StickyAttributes = new()
        {
            WorkerTaskQueue = new() { Name = Sticky, Kind = TaskQueueKind.Sticky, NormalName = TestServer.Queue }, ScheduleToStartTimeout = RunDriver.Seconds(10),
        });
        await SetCurrentAsync(server, "2");
        await server.SignalAsync("w", "signal");
        var moved = (await PollAsync(server, "2"))!;
        (moved.WorkflowExecution.WorkflowId, moved.History.Events[0].EventId).ShouldBe(("w", 1));
        cached.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Ramp_SendsItsShareOfTheWorkflows()
    {
        await using var server = await TestServer.StartAsync();
        await RegisterAsync(server, "1", "2");
        await SetCurrentAsync(server, "1");
        await RampAsync(server, "2", 100);
        await server.StartAsync("all");
        (await PollAsync(server, "2"))!.WorkflowExecution.WorkflowId.ShouldBe("all");
        await RampAsync(server, "2", 0);
        await server.StartAsync("none");
        (await PollAsync(server, "1"))!.WorkflowExecution.WorkflowId.ShouldBe("none");

        await RampAsync(server, "2", 30);
        for (var i = 0; i < 200; i++)
        {
            await server.StartAsync($"w{i}");
        }
        var described = await server.CallAsync(WorkflowServiceMethods.DescribeWorkerDeploymentVersion, new DescribeWorkerDeploymentVersionRequest
        {
            Namespace = TestServer.Namespace, DeploymentVersion = Version("2"), ReportTaskQueueStats = true,
        });
        described.VersionTaskQueues.Single(static queue => queue.Type == TaskQueueType.Workflow).Stats.ApproximateBacklogCount.ShouldBeInRange(30, 90);
        described.WorkerDeploymentVersionInfo.RampPercentage.ShouldBe(30);
    }

    [Fact]
    public async Task Override_BindsAStartOrARunningWorkflow_AndIsTakenAway()
    {
        await using var server = await TestServer.StartAsync();
        await RegisterAsync(server, "1", "2");
        await SetCurrentAsync(server, "1");
        await server.StartAsync("w", configure: static request => request.VersioningOverride = Pinned("2"));
        await CompleteAsync(server, (await PollAsync(server, "2"))!, "2", VersioningBehavior.AutoUpgrade);
        (await server.HistoryAsync("w"))[0].WorkflowExecutionStartedEventAttributes.VersioningOverride.Pinned.Version.ShouldBe(Version("2"));

        await server.SignalAsync("w", "signal");
        await OverrideAsync(server, null);
        var task = (await PollAsync(server, "1"))!;
        await CompleteAsync(server, task, "1", VersioningBehavior.AutoUpgrade);
        (await server.HistoryAsync("w")).ShouldContain(static e => e.WorkflowExecutionOptionsUpdatedEventAttributes != null && e.WorkflowExecutionOptionsUpdatedEventAttributes.UnsetVersioningOverride);

        await server.SignalAsync("w", "signal");
        var options = await OverrideAsync(server, Pinned("2"));
        options.VersioningOverride.Pinned.Version.ShouldBe(Version("2"));
        (await PollAsync(server, "2"))!.WorkflowExecution.WorkflowId.ShouldBe("w");

        var fault = await Should.ThrowAsync<RpcFaultException>(() => server.StartAsync("other", configure: static request => request.VersioningOverride = Pinned("9")));
        (fault.Code, fault.Message).ShouldBe((RpcStatusCode.FailedPrecondition, "Pinned version 'd:9' is not present in task queue 'queue' of type 'Workflow'"));
    }

    [Fact]
    public async Task PinnedWorkflow_ItsActivities_ItsChildAndTheRunThatFollows_StayOnItsVersion()
    {
        await using var server = await TestServer.StartAsync();
        await RegisterAsync(server, "1", "2");
        await SetCurrentAsync(server, "1");
        await server.StartAsync("w");
        var first = (await PollAsync(server, "1"))!;
        await SetCurrentAsync(server, "2");
        await CompleteAsync(server, first, "1", VersioningBehavior.Pinned, static request => request.Commands.Add([WorkerCommands.Activity("a"), WorkerCommands.Child("child")]));
        var activity = await server.CallAsync(WorkflowServiceMethods.PollActivityTaskQueue, new PollActivityTaskQueueRequest
        {
            Namespace = TestServer.Namespace, TaskQueue = new() { Name = TestServer.Queue }, DeploymentOptions = Options("1"),
        });
        activity.ActivityId.ShouldBe("a");

        var seen = new List<string>();
        while (seen.Count < 2)
        {
            var task = (await PollAsync(server, "1"))!;
            if (!seen.Contains(task.WorkflowExecution.WorkflowId))
            {
                seen.Add(task.WorkflowExecution.WorkflowId);
            }
            await CompleteAsync(server, task, "1", VersioningBehavior.Pinned);
        }
        seen.Order().ShouldBe(["child", "w"]);
        (await server.HistoryAsync("child"))[0].WorkflowExecutionStartedEventAttributes.InheritedPinnedVersion.ShouldBe(Version("1"));

        await server.SignalAsync("w", "signal");
        await CompleteAsync(server, (await PollAsync(server, "1"))!, "1", VersioningBehavior.Pinned, static request => request.Commands.Add(WorkerCommands.ContinueAsNew()));
        (await PollAsync(server, "1"))!.WorkflowExecution.WorkflowId.ShouldBe("w");
        (await server.HistoryAsync("w"))[0].WorkflowExecutionStartedEventAttributes.InheritedPinnedVersion.ShouldBe(Version("1"));
    }

    [Theory]
    [InlineData(ContinueAsNewVersioningBehavior.AutoUpgrade)]
    [InlineData(ContinueAsNewVersioningBehavior.UseRampingVersion)]
    public async Task PinnedWorkflow_IsToldOfANewTarget_AndContinuesThereWhenItSaysSo(ContinueAsNewVersioningBehavior initial)
    {
        await using var server = await TestServer.StartAsync();
        await RegisterAsync(server, "1", "2");
        await SetCurrentAsync(server, "1");
        await server.StartAsync("w");
        await CompleteAsync(server, (await PollAsync(server, "1"))!, "1", VersioningBehavior.Pinned);
        await (initial == ContinueAsNewVersioningBehavior.AutoUpgrade ? SetCurrentAsync(server, "2") : RampAsync(server, "2", 0));

        await server.SignalAsync("w", "signal");
        var told = (await PollAsync(server, "1"))!;
        told.History.Events[^1].WorkflowTaskStartedEventAttributes.TargetWorkerDeploymentVersionChanged.ShouldBe(initial == ContinueAsNewVersioningBehavior.AutoUpgrade);
        var command = WorkerCommands.ContinueAsNew();
        command.ContinueAsNewWorkflowExecutionCommandAttributes.InitialVersioningBehavior = initial;
        await CompleteAsync(server, told, "1", VersioningBehavior.Pinned, request => request.Commands.Add(command));

        var next = (await PollAsync(server, "2"))!;
        next.History.Events[^1].WorkflowTaskStartedEventAttributes.TargetWorkerDeploymentVersionChanged.ShouldBeFalse();
        await CompleteAsync(server, next, "2", VersioningBehavior.Pinned);
        (await server.DescribeAsync("w")).WorkflowExecutionInfo.VersioningInfo.DeploymentVersion.ShouldBe(Version("2"));
    }

    [Fact]
    public async Task Restart_KnowsDeploymentsAndWhereItsWorkflowsBelong()
    {
        var store = new MemoryStore();
        await using (var server = await TestServer.StartAsync(store))
        {
            await RegisterAsync(server, "1", "2");
            await SetCurrentAsync(server, "1");
            await server.StartAsync("w");
            await CompleteAsync(server, (await PollAsync(server, "1"))!, "1", VersioningBehavior.Pinned);
            await SetCurrentAsync(server, "2");
            await server.SignalAsync("w", "signal");
        }
        await using (var server = await TestServer.StartAsync(store))
        {
            var described = await server.CallAsync(
                WorkflowServiceMethods.DescribeWorkerDeployment, new DescribeWorkerDeploymentRequest { Namespace = TestServer.Namespace, DeploymentName = "d" });
            described.WorkerDeploymentInfo.RoutingConfig.CurrentDeploymentVersion.ShouldBe(Version("2"));
            described.WorkerDeploymentInfo.VersionSummaries.Count.ShouldBe(2);
            (await PollAsync(server, "1"))!.WorkflowExecution.WorkflowId.ShouldBe("w");
        }
    }

    [Fact]
    public async Task Deployments_AreListed_DescribedAndTakenAway()
    {
        await using var server = await TestServer.StartAsync();
        var fault = await Should.ThrowAsync<RpcFaultException>(() => SetCurrentAsync(server, "1"));
        (fault.Code, fault.Message).ShouldBe((RpcStatusCode.NotFound, "no Worker Deployment found with name 'd'; does your Worker Deployment have pollers?"));
        await RegisterAsync(server, "1");
        await SetCurrentAsync(server, "1");
        var listed = await server.CallAsync(WorkflowServiceMethods.ListWorkerDeployments, new ListWorkerDeploymentsRequest { Namespace = TestServer.Namespace });
        var summary = listed.WorkerDeployments.ShouldHaveSingleItem();
        (summary.Name, summary.CurrentVersionSummary.DeploymentVersion, summary.LatestVersionSummary.Status).ShouldBe(("d", Version("1"), WorkerDeploymentVersionStatus.Current));
        var metadata = await server.CallAsync(WorkflowServiceMethods.UpdateWorkerDeploymentVersionMetadata, new UpdateWorkerDeploymentVersionMetadataRequest
        {
            Namespace = TestServer.Namespace, DeploymentVersion = Version("1"), UpsertEntries = { ["k"] = new() },
        });
        metadata.Metadata.Entries.Keys.ShouldBe(["k"]);
        var poll = PollAsync(server, "1");
        await StoreFailureTests.WaitForPollerAsync(server);
        var queue = await server.CallAsync(
            WorkflowServiceMethods.DescribeTaskQueue, new DescribeTaskQueueRequest { Namespace = TestServer.Namespace, TaskQueue = new() { Name = TestServer.Queue } });
        queue.VersioningInfo.CurrentDeploymentVersion.ShouldBe(Version("1"));
        queue.Pollers.ShouldHaveSingleItem().DeploymentOptions.BuildId.ShouldBe("1");
        poll.IsCompleted.ShouldBeFalse();

        (await Should.ThrowAsync<RpcFaultException>(() => server.CallAsync(
            WorkflowServiceMethods.DeleteWorkerDeployment, new DeleteWorkerDeploymentRequest { Namespace = TestServer.Namespace, DeploymentName = "d" }))).Message.ShouldBe("deployment has versions, can't be deleted");
    }

    private static WorkerDeploymentVersion Version(string build) => new() { DeploymentName = "d", BuildId = build };

    private static WorkerDeploymentOptions Options(string build) => new() { DeploymentName = "d", BuildId = build, WorkerVersioningMode = WorkerVersioningMode.Versioned };

    private static VersioningOverride Pinned(string build) =>
        new() { Pinned = new() { Behavior = VersioningOverride.Types.PinnedOverrideBehavior.Pinned, Version = Version(build) } };

    /// <summary>A worker of each version polls once, for both kinds of task.</summary>
    private static async Task RegisterAsync(TestServer server, params string[] builds)
    {
        foreach (var build in builds)
        {
            (await PollAsync(server, build, TimeSpan.FromSeconds(0.01))).ShouldBeNull();
            await server.PollAsync(
                WorkflowServiceMethods.PollActivityTaskQueue,
                new PollActivityTaskQueueRequest { Namespace = TestServer.Namespace, TaskQueue = new() { Name = TestServer.Queue }, DeploymentOptions = Options(build) },
                TimeSpan.FromSeconds(0.01));
        }
    }

    private static async Task<PollWorkflowTaskQueueResponse?> PollAsync(TestServer server, string build, TimeSpan? wait = null)
    {
        var task = await server.PollAsync(
            WorkflowServiceMethods.PollWorkflowTaskQueue,
            new PollWorkflowTaskQueueRequest { Namespace = TestServer.Namespace, TaskQueue = new() { Name = TestServer.Queue }, Identity = build, DeploymentOptions = Options(build) },
            wait);
        return task.TaskToken.IsEmpty ? null : task;
    }

    private static Task CompleteAsync(
        TestServer server, PollWorkflowTaskQueueResponse task, string build, VersioningBehavior behavior, Action<RespondWorkflowTaskCompletedRequest>? configure = null)
    {
        var request = new RespondWorkflowTaskCompletedRequest
        {
            Namespace = TestServer.Namespace, TaskToken = task.TaskToken, Identity = build, DeploymentOptions = Options(build), VersioningBehavior = behavior,
        };
        configure?.Invoke(request);
        return server.CallAsync(WorkflowServiceMethods.RespondWorkflowTaskCompleted, request);
    }

    private static Task SetCurrentAsync(TestServer server, string build) => server.CallAsync(
        WorkflowServiceMethods.SetWorkerDeploymentCurrentVersion,
        new SetWorkerDeploymentCurrentVersionRequest { Namespace = TestServer.Namespace, DeploymentName = "d", BuildId = build, Identity = "me" });

    private static Task RampAsync(TestServer server, string build, float percentage) => server.CallAsync(
        WorkflowServiceMethods.SetWorkerDeploymentRampingVersion,
        new SetWorkerDeploymentRampingVersionRequest { Namespace = TestServer.Namespace, DeploymentName = "d", BuildId = build, Percentage = percentage, Identity = "me" });

    private static async Task<WorkflowExecutionOptions> OverrideAsync(TestServer server, VersioningOverride? given) => (await server.CallAsync(
        WorkflowServiceMethods.UpdateWorkflowExecutionOptions,
        new UpdateWorkflowExecutionOptionsRequest
        {
            Namespace = TestServer.Namespace, WorkflowExecution = new() { WorkflowId = "w" }, WorkflowExecutionOptions = new() { VersioningOverride = given },
            UpdateMask = new() { Paths = { "versioning_override" } },
        })).WorkflowExecutionOptions;
}
