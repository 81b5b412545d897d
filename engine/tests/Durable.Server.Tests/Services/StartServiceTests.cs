using Durable.Protocol;
using Durable.Server.Tests.Engine;
using Durable.Server.Tests.Executions;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Services;

public class StartServiceTests
{
    public enum Current
    {
        Running,
        Completed,
        Failed,
        Canceled,
        Terminated,
    }

    public enum Outcome
    {
        Starts,
        UsesExisting,
        TerminatesExisting,
        IsRunning,
        IsFinished,
        HasSucceeded,
        IsBadRequest,
    }

    private const WorkflowIdReusePolicy Allow = WorkflowIdReusePolicy.AllowDuplicate;
    private const WorkflowIdReusePolicy AllowFailed = WorkflowIdReusePolicy.AllowDuplicateFailedOnly;
    private const WorkflowIdReusePolicy Reject = WorkflowIdReusePolicy.RejectDuplicate;
#pragma warning disable CS0612 // The deprecated policy still has to mean what it meant.
    private const WorkflowIdReusePolicy TerminateIfRunning = WorkflowIdReusePolicy.TerminateIfRunning;
#pragma warning restore CS0612
    private const WorkflowIdConflictPolicy None = WorkflowIdConflictPolicy.Unspecified;
    private const WorkflowIdConflictPolicy Fail = WorkflowIdConflictPolicy.Fail;
    private const WorkflowIdConflictPolicy Use = WorkflowIdConflictPolicy.UseExisting;
    private const WorkflowIdConflictPolicy Terminate = WorkflowIdConflictPolicy.TerminateExisting;

    // The conflict policy decides about a run that runs, the reuse policy about one that is closed.
    [Theory]
    [InlineData(Current.Running, WorkflowIdReusePolicy.Unspecified, None, Outcome.IsRunning)]
    [InlineData(Current.Running, Allow, Fail, Outcome.IsRunning)]
    [InlineData(Current.Running, Allow, Use, Outcome.UsesExisting)]
    [InlineData(Current.Running, Allow, Terminate, Outcome.TerminatesExisting)]
    [InlineData(Current.Running, AllowFailed, None, Outcome.IsRunning)]
    [InlineData(Current.Running, AllowFailed, Use, Outcome.UsesExisting)]
    [InlineData(Current.Running, AllowFailed, Terminate, Outcome.TerminatesExisting)]
    [InlineData(Current.Running, Reject, None, Outcome.IsRunning)]
    [InlineData(Current.Running, Reject, Use, Outcome.UsesExisting)]
    [InlineData(Current.Running, Reject, Terminate, Outcome.IsBadRequest)]
    [InlineData(Current.Running, TerminateIfRunning, None, Outcome.TerminatesExisting)]
    [InlineData(Current.Running, TerminateIfRunning, Fail, Outcome.IsBadRequest)]
    [InlineData(Current.Running, TerminateIfRunning, Use, Outcome.IsBadRequest)]
    [InlineData(Current.Completed, WorkflowIdReusePolicy.Unspecified, None, Outcome.Starts)]
    [InlineData(Current.Completed, Allow, Fail, Outcome.Starts)]
    [InlineData(Current.Completed, Allow, Use, Outcome.Starts)]
    [InlineData(Current.Completed, Allow, Terminate, Outcome.Starts)]
    [InlineData(Current.Completed, AllowFailed, None, Outcome.HasSucceeded)]
    [InlineData(Current.Completed, AllowFailed, Use, Outcome.HasSucceeded)]
    [InlineData(Current.Completed, AllowFailed, Terminate, Outcome.HasSucceeded)]
    [InlineData(Current.Completed, Reject, None, Outcome.IsFinished)]
    [InlineData(Current.Completed, Reject, Use, Outcome.IsFinished)]
    [InlineData(Current.Completed, Reject, Terminate, Outcome.IsBadRequest)]
    [InlineData(Current.Completed, TerminateIfRunning, None, Outcome.Starts)]
    [InlineData(Current.Failed, AllowFailed, None, Outcome.Starts)]
    [InlineData(Current.Failed, Reject, None, Outcome.IsFinished)]
    [InlineData(Current.Canceled, AllowFailed, Use, Outcome.Starts)]
    [InlineData(Current.Terminated, AllowFailed, Terminate, Outcome.Starts)]
    [InlineData(Current.Terminated, Reject, Fail, Outcome.IsFinished)]
    public async Task Start_IdIsKnown_GoesByBothPolicies(Current current, WorkflowIdReusePolicy reuse, WorkflowIdConflictPolicy conflict, Outcome outcome)
    {
        await using var server = await TestServer.StartAsync();
        var first = await server.StartAsync("w", "first");
        await EndAsync(server, current);
        Task<StartWorkflowExecutionResponse> AgainAsync() => server.StartAsync("w", "second", request =>
        {
            request.WorkflowIdReusePolicy = reuse;
            request.WorkflowIdConflictPolicy = conflict;
        });
        var oldStatus = (await server.DescribeAsync("w", first.RunId)).WorkflowExecutionInfo.Status;
        if (outcome is Outcome.Starts or Outcome.TerminatesExisting)
        {
            var started = await AgainAsync();
            started.Started.ShouldBeTrue();
            started.Status.ShouldBe(WorkflowExecutionStatus.Running);
            started.RunId.ShouldNotBe(first.RunId);
            started.FirstExecutionRunId.ShouldBe(started.RunId);
            started.Link.WorkflowEvent.RunId.ShouldBe(started.RunId);
            if (outcome == Outcome.TerminatesExisting)
            {
                var end = (await server.HistoryAsync("w", first.RunId))[^1].WorkflowExecutionTerminatedEventAttributes;
                end.Reason.ShouldBe("TerminateIfRunning WorkflowIdReusePolicy");
                end.Identity.ShouldBe("history-service");
                end.Details.Payloads_[0].Data.ToStringUtf8().ShouldBe($"\"terminated by new runID: {started.RunId}\"");
                return;
            }
        }
        else if (outcome == Outcome.UsesExisting)
        {
            var existing = await AgainAsync();
            existing.Started.ShouldBeFalse();
            existing.RunId.ShouldBe(first.RunId);
            existing.FirstExecutionRunId.ShouldBe(first.RunId);
            existing.Status.ShouldBe(WorkflowExecutionStatus.Running);
        }
        else
        {
            var fault = await Should.ThrowAsync<RpcFaultException>(AgainAsync);
            if (outcome == Outcome.IsBadRequest)
            {
                fault.Code.ShouldBe(RpcStatusCode.InvalidArgument);
                fault.Message.ShouldStartWith("Invalid WorkflowIDReusePolicy: ");
                return;
            }
            fault.Code.ShouldBe(RpcStatusCode.AlreadyExists);
            fault.Message.ShouldBe(outcome switch
            {
                Outcome.IsRunning => $"Workflow execution is already running. WorkflowId: w, RunId: {first.RunId}.",
                Outcome.IsFinished => $"Workflow execution already finished. WorkflowId: w, RunId: {first.RunId}. Workflow Id reuse policy: reject duplicate workflow Id.",
                _ => $"Workflow execution already finished successfully. WorkflowId: w, RunId: {first.RunId}. Workflow Id reuse policy: allow duplicate workflow Id if last run failed.",
            });
            fault.Details.ShouldHaveSingleItem().Unpack<WorkflowExecutionAlreadyStartedFailure>()
                .ShouldBe(new() { StartRequestId = "first", RunId = first.RunId, FirstExecutionRunId = first.RunId });
        }
        (await server.DescribeAsync("w", first.RunId)).WorkflowExecutionInfo.Status.ShouldBe(oldStatus);
    }

    [Theory]
    [InlineData(Current.Running, WorkflowExecutionStatus.Running)]
    [InlineData(Current.Completed, WorkflowExecutionStatus.Completed)]
    [InlineData(Current.Terminated, WorkflowExecutionStatus.Terminated)]
    public async Task Start_SameRequestAgain_AnswersTheSameRun_WhateverThePolicies(Current current, WorkflowExecutionStatus status)
    {
        await using var server = await TestServer.StartAsync();
        var first = await server.StartAsync("w", "same");
        await EndAsync(server, current);
        var again = await server.StartAsync("w", "same", static request => request.WorkflowIdReusePolicy = Reject);
        again.RunId.ShouldBe(first.RunId);
        again.Started.ShouldBeTrue();
        again.Status.ShouldBe(status);
    }

    [Fact]
    public async Task Start_AttachesToAnExistingRun_ItsRequestIdIsKnownFromThenOn()
    {
        await using var server = await TestServer.StartAsync();
        var first = await server.StartAsync("w", "first");
        Task<StartWorkflowExecutionResponse> AttachAsync() => server.StartAsync("w", "second", static request =>
        {
            request.WorkflowIdConflictPolicy = Use;
            request.OnConflictOptions = new() { AttachRequestId = true };
        });
        await AttachAsync();
        await AttachAsync();
        var attached = (await server.HistoryAsync("w")).Where(static e => e.EventType == EventType.WorkflowExecutionOptionsUpdated).ShouldHaveSingleItem();
        attached.WorkflowExecutionOptionsUpdatedEventAttributes.AttachedRequestId.ShouldBe("second");
        (await server.DescribeAsync("w")).WorkflowExtendedInfo.RequestIdInfos["second"].EventId.ShouldBe(attached.EventId);
        // The attached id finds the run, although the policy would refuse.
        var known = await server.StartAsync("w", "second");
        known.RunId.ShouldBe(first.RunId);
        known.Started.ShouldBeFalse();
    }

    [Fact]
    public async Task RunIds_OfStartsAndChildrenAreOrdered_OfFollowersRandom()
    {
        await using var server = await TestServer.StartAsync();
        var started = await server.StartAsync("w");
        VersionOf(started.RunId).ShouldBe(7);
        await server.CompleteAsync(await server.PollForAsync("w"), WorkerCommands.Child("child", ParentClosePolicy.Abandon));
        var task = await server.PollForAsync("w");
        VersionOf(task.History.Events.Single(static e => e.EventType == EventType.ChildWorkflowExecutionStarted).ChildWorkflowExecutionStartedEventAttributes.WorkflowExecution.RunId).ShouldBe(7);
        await server.CompleteAsync(task, WorkerCommands.ContinueAsNew());
        VersionOf((await server.DescribeAsync("w")).WorkflowExecutionInfo.Execution.RunId).ShouldBe(4);
        VersionOf((await SignalWithStartAsync(server, "other")).RunId).ShouldBe(4);
    }

    [Fact]
    public async Task SignalWithStart_SignalsWhatRunsOrWhatItStarts()
    {
        await using var server = await TestServer.StartAsync();
        var started = await SignalWithStartAsync(server, "w");
        started.Started.ShouldBeTrue();
        started.FirstExecutionRunId.ShouldBe(started.RunId);
        (await server.HistoryAsync("w")).Select(static e => e.EventType)
            .ShouldBe([EventType.WorkflowExecutionStarted, EventType.WorkflowExecutionSignaled, EventType.WorkflowTaskScheduled]);
        var again = await SignalWithStartAsync(server, "w");
        again.Started.ShouldBeFalse();
        again.RunId.ShouldBe(started.RunId);
        again.SignalLink.WorkflowEvent.RequestIdRef.EventType.ShouldBe(EventType.WorkflowExecutionSignaled);
        (await server.HistoryAsync("w")).Count(static e => e.EventType == EventType.WorkflowExecutionSignaled).ShouldBe(2);
    }

    [Fact]
    public async Task EagerStart_AnswersWithTheFirstTask()
    {
        await using var server = await TestServer.StartAsync();
        var started = await server.StartAsync("w", configure: static request => request.RequestEagerExecution = true);
        var task = started.EagerWorkflowTask;
        task.History.Events.Select(static e => e.EventType).ShouldBe([EventType.WorkflowExecutionStarted, EventType.WorkflowTaskScheduled, EventType.WorkflowTaskStarted]);
        task.History.Events[0].WorkflowExecutionStartedEventAttributes.EagerExecutionAccepted.ShouldBeTrue();
        (task.StartedEventId, task.Attempt).ShouldBe((3, 1));
        await server.CompleteAsync(task, WorkerCommands.Complete());
        (await server.DescribeAsync("w")).WorkflowExecutionInfo.Status.ShouldBe(WorkflowExecutionStatus.Completed);
    }

    [Fact]
    public async Task ExecutionTimeout_GivesTheRunItsOwnAndAnEndInWholeMilliseconds()
    {
        await using var server = await TestServer.StartAsync(clock: new StandingClock(TimeProvider.System.GetUtcNow()));
        await server.StartAsync("w", configure: static request => request.WorkflowExecutionTimeout = TimeSpan.FromSeconds(100).ToDuration());
        var started = (await server.HistoryAsync("w"))[0];
        var attributes = started.WorkflowExecutionStartedEventAttributes;
        attributes.WorkflowRunTimeout.ToTimeSpan().ShouldBe(TimeSpan.FromSeconds(100));
        var end = attributes.WorkflowExecutionExpirationTime;
        (end.Nanos % 1_000_000).ShouldBe(0);
        (end.ToDateTimeOffset() - started.EventTime.ToDateTimeOffset() - TimeSpan.FromSeconds(100)).Duration().ShouldBeLessThan(TimeSpan.FromMilliseconds(1));
    }

    private static async Task EndAsync(TestServer server, Current current)
    {
        switch (current)
        {
            case Current.Completed:
                await server.CompleteAsync((await server.PollAsync())!, WorkerCommands.Complete());
                break;
            case Current.Failed:
                await server.CompleteAsync((await server.PollAsync())!, WorkerCommands.Fail());
                break;
            case Current.Canceled:
                await server.CompleteAsync((await server.PollAsync())!, WorkerCommands.Cancel());
                break;
            case Current.Terminated:
                await server.CallAsync(
                    WorkflowServiceMethods.TerminateWorkflowExecution,
                    new TerminateWorkflowExecutionRequest { Namespace = TestServer.Namespace, WorkflowExecution = new() { WorkflowId = "w" } });
                break;
        }
    }

    private static int VersionOf(string runId) => Guid.Parse(runId).Version;

    private static Task<SignalWithStartWorkflowExecutionResponse> SignalWithStartAsync(TestServer server, string workflowId) => server.CallAsync(
        WorkflowServiceMethods.SignalWithStartWorkflowExecution,
        new SignalWithStartWorkflowExecutionRequest
        {
            Namespace = TestServer.Namespace,
            WorkflowId = workflowId,
            WorkflowType = new() { Name = "test" },
            TaskQueue = new() { Name = TestServer.Queue },
            RequestId = Guid.NewGuid().ToString(),
            SignalName = "signal",
        });
}
