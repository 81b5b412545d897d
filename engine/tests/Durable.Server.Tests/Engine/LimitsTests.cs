using Durable.Protocol;
using Durable.Server.Executions;
using Durable.Server.Tests.Executions;
using Google.Protobuf;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.OperatorService.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Engine;

// Aim: each limit answers as the genuine server's does, and a call that is refused changes nothing.
public partial class LimitsTests
{
    private const int Mebibyte = 1024 * 1024;
    private static readonly string Long = new('x', 1001);

    // What is too large; how it is sent, to a workflow "w" that runs; the words.
    public static TheoryData<string, Func<TestServer, Task>, string> TooLarge => new()
    {
        { "input", static server => server.StartAsync("new", configure: static request => request.Input = Blob(2 * Mebibyte)), "Blob data size exceeds limit." },
        { "memo", static server => server.StartAsync("new", configure: static request => request.Memo = Memo(2 * Mebibyte)), "Memo size exceeds limit." },
        { "signal", static server => SignalAsync(server, request => request.Input = Blob(2 * Mebibyte)), "Blob data size exceeds limit." },
        { "query", static server => QueryAsync(server, Blob(2 * Mebibyte)), "Blob data size exceeds limit." },
        { "workflow id", static server => server.StartAsync(new string('w', 1001)), "WorkflowId exceeds maximum allowed length (1001/1000)" },
        { "workflow id in bytes", static server => server.StartAsync(new string('é', 501)), "WorkflowId exceeds maximum allowed length (1002/1000)" },
        { "type", static server => server.StartAsync("new", configure: static request => request.WorkflowType.Name = Long), "WorkflowType length exceeds limit." },
        { "queue", static server => server.StartAsync("new", configure: static request => request.TaskQueue.Name = Long), "taskQueue length exceeds limit" },
        { "request id", static server => server.StartAsync("new", Long), "RequestId length exceeds limit." },
        { "signal name", static server => SignalAsync(server, static request => request.SignalName = Long), "SignalName length exceeds limit." },
        { "signal's request id", static server => SignalAsync(server, static request => request.RequestId = Long), "RequestId length exceeds limit." },
        { "identity", static server => PollAsync(server, Long), "Identity length exceeds limit." },
        {
            "search attribute", static server => StartAsync(server, ("TemporalChangeVersion", $"[\"{new string('x', 2045)}\"]")),
            "search attribute TemporalChangeVersion value size 2049 exceeds size limit 2048"
        },
        {
            "number of search attributes", static server => StartAsync(server, [.. Enumerable.Range(0, 101).Select(static i => ($"Key{i}", "1"))]),
            "number of search attributes 101 exceeds limit 100"
        },
        {
            // 21 of 2,033 bytes, names, types and lengths included.
            "all search attributes", static server => StartAsync(server, [.. Enumerable.Range(10, 21).Select(static i => ($"Key{i}", $"\"{new string('x', 1998)}\""))]),
            "total size of search attributes 42693 exceeds size limit 40960"
        },
    };

    [Theory]
    [MemberData(nameof(TooLarge))]
    public async Task Call_TooLarge_InvalidArgument(string what, Func<TestServer, Task> call, string message)
    {
        what.ShouldNotBeEmpty();
        await using var server = await TestServer.StartAsync();
        await RegisterAsync(server, Enumerable.Range(10, 21).Select(static i => ($"Key{i}", IndexedValueType.Keyword)));
        await server.StartAsync("w");
        await RefusedAsync(() => call(server), RpcStatusCode.InvalidArgument, message);
    }

    [Fact]
    public async Task Call_JustNotTooLarge_IsTaken()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync(new string('w', 1000), configure: static request =>
        {
            request.Input = Blob((2 * Mebibyte) - 1000);
            request.Memo = Memo((2 * Mebibyte) - 1000);
        });
    }

    // Type, JSON; how the refusal shows the value, null: it is taken.
    [Theory]
    [InlineData(IndexedValueType.Int, "12", null)]
    [InlineData(IndexedValueType.Int, "[12]", null)]
    [InlineData(IndexedValueType.Int, "null", null)]
    [InlineData(IndexedValueType.Int, "[]", null)]
    [InlineData(IndexedValueType.Int, "1.5", "1.5")]
    [InlineData(IndexedValueType.Int, "\"12\"", "12")]
    [InlineData(IndexedValueType.Double, "12", null)]
    [InlineData(IndexedValueType.Double, "true", "True")]
    [InlineData(IndexedValueType.Bool, "[false]", null)]
    [InlineData(IndexedValueType.Bool, "0", "0")]
    [InlineData(IndexedValueType.Keyword, "\"a\"", null)]
    [InlineData(IndexedValueType.Keyword, "7", "7")]
    [InlineData(IndexedValueType.Text, "[\"a\",7]", "[a 7]")]
    [InlineData(IndexedValueType.KeywordList, "[\"a\",\"b\"]", null)]
    [InlineData(IndexedValueType.KeywordList, "\"a\"", "a")]
    [InlineData(IndexedValueType.Datetime, "\"2026-01-02T03:04:05.678Z\"", null)]
    [InlineData(IndexedValueType.Datetime, "\"2026-01-02T03:04:05+01:00\"", null)]
    [InlineData(IndexedValueType.Datetime, "\"2026-01-02\"", "2026-01-02")]
    [InlineData(IndexedValueType.Datetime, "\"2026-01-02T03:04:05\"", "2026-01-02T03:04:05")]
    [InlineData(IndexedValueType.Keyword, "[oops", "value from <[oops>")]
    public async Task SearchAttribute_NotOfItsType_InvalidArgument_AndListsGoOn(IndexedValueType type, string json, string? shown)
    {
        await using var server = await TestServer.StartAsync();
        await RegisterAsync(server, [("Custom", type)]);
        if (shown is null)
        {
            await StartAsync(server, ("Custom", json));
        }
        else
        {
            await RefusedAsync(() => StartAsync(server, ("Custom", json)), RpcStatusCode.InvalidArgument, $"invalid value for search attribute Custom of type {type}: {shown}");
        }
        var listed = await server.CallAsync(WorkflowServiceMethods.ListWorkflowExecutions, new ListWorkflowExecutionsRequest { Namespace = TestServer.Namespace });
        listed.Executions.Count.ShouldBe(shown is null ? 1 : 0);
    }

    [Fact]
    public async Task SignalToAnotherWorkflow_ThatTakesNoMore_FailsForThat_AndToItself_AsIfThereWereNone()
    {
        await using var server = await TestServer.StartAsync(configure: static options => options with { Limits = new ExecutionLimits { SignalsPerRun = 0 } });
        await server.StartAsync("full");
        await server.StartAsync("w");
        await server.CompleteAsync(await server.PollForAsync("w"), WorkerCommands.SignalExternal("full"), WorkerCommands.SignalExternal("w"), WorkerCommands.CancelExternal("w"));
        IReadOnlyList<HistoryEvent> history;
        do
        {
            await server.CompleteAsync(await server.PollForAsync("w"));
            history = await server.HistoryAsync("w");
        }
        while (history.Count(static e => e.EventType is EventType.SignalExternalWorkflowExecutionFailed or EventType.RequestCancelExternalWorkflowExecutionFailed) < 3);
        history.Where(static e => e.EventType == EventType.SignalExternalWorkflowExecutionFailed)
            .OrderBy(static e => e.SignalExternalWorkflowExecutionFailedEventAttributes.InitiatedEventId)
            .Select(static e => e.SignalExternalWorkflowExecutionFailedEventAttributes.Cause)
            .ShouldBe([SignalExternalWorkflowExecutionFailedCause.SignalCountLimitExceeded, SignalExternalWorkflowExecutionFailedCause.ExternalWorkflowExecutionNotFound]);
        history.Single(static e => e.EventType == EventType.RequestCancelExternalWorkflowExecutionFailed)
            .RequestCancelExternalWorkflowExecutionFailedEventAttributes.Cause.ShouldBe(CancelExternalWorkflowExecutionFailedCause.ExternalWorkflowExecutionNotFound);
    }

    [Fact]
    public async Task Signals_OverTheLimitOfARun_InvalidArgument()
    {
        await using var server = await TestServer.StartAsync(configure: static options => options with { Limits = new ExecutionLimits { SignalsPerRun = 3 } });
        await server.StartAsync("w");
        for (var i = 0; i < 3; i++)
        {
            await server.SignalAsync("w", "signal");
        }
        await RefusedAsync(() => server.SignalAsync("w", "signal"), RpcStatusCode.InvalidArgument, "exceeded workflow execution limit for signal events");
        (await server.HistoryAsync("w")).Count(static e => e.EventType == EventType.WorkflowExecutionSignaled).ShouldBe(3);
    }

    [Fact]
    public async Task History_GrownBySignalsThatNobodyWorksOff_TerminatesTheRun()
    {
        await using var server = await TestServer.StartAsync(configure: static options => options with { Limits = new ExecutionLimits { HistoryEventsError = 10 } });
        await server.StartAsync("w");
        for (var i = 0; i < 9; i++)
        {
            await server.SignalAsync("w", "signal");
        }
        var last = (await server.HistoryAsync("w"))[^1];
        last.WorkflowExecutionTerminatedEventAttributes.ShouldNotBeNull().Reason.ShouldBe("Workflow history count exceeds limit.");
        await RefusedAsync(() => server.SignalAsync("w", "signal"), RpcStatusCode.NotFound, "workflow execution already completed");
    }

    public static TheoryData<Func<int, Command>, WorkflowTaskFailedCause, string> Pending => new()
    {
        { static i => WorkerCommands.Activity($"a{i}"), WorkflowTaskFailedCause.PendingActivitiesLimitExceeded, "pending activities" },
        { static i => WorkerCommands.Child($"c{i}"), WorkflowTaskFailedCause.PendingChildWorkflowsLimitExceeded, "pending child workflow executions" },
        { static i => WorkerCommands.SignalExternal($"w{i}"), WorkflowTaskFailedCause.PendingSignalsLimitExceeded, "pending signals to external workflows" },
        { static i => WorkerCommands.CancelExternal($"w{i}"), WorkflowTaskFailedCause.PendingRequestCancelLimitExceeded, "pending requests to cancel external workflows" },
    };

    [Theory]
    [MemberData(nameof(Pending))]
    public async Task Pending_OverTheLimit_FailsTheTaskAndNothingIsBegun(Func<int, Command> command, WorkflowTaskFailedCause cause, string what)
    {
        await using var server = await TestServer.StartAsync(configure: static options => options with
        {
            Limits = new ExecutionLimits { PendingActivities = 2, PendingChildren = 2, PendingSignals = 2, PendingCancels = 2 },
        });
        await server.StartAsync("w");
        var task = (await server.PollAsync())!;
        await RefusedAsync(
            () => server.CompleteAsync(task, [.. Enumerable.Range(0, 3).Select(command)]),
            RpcStatusCode.InvalidArgument,
            $"{cause}: the number of {what}, 2, has reached the per-workflow limit of 2");
        (await server.HistoryAsync("w")).Select(static e => e.EventType).ShouldBe(
        [
            EventType.WorkflowExecutionStarted, EventType.WorkflowTaskScheduled, EventType.WorkflowTaskStarted, EventType.WorkflowTaskFailed, EventType.WorkflowTaskScheduled,
        ]);
        (await server.HistoryAsync("w"))[3].WorkflowTaskFailedEventAttributes.Cause.ShouldBe(cause);
    }

    [Fact]
    public void Pending_Defaults_AreTheGenuineServers() => new ExecutionLimits().ShouldBe(new ExecutionLimits
    {
        PendingActivities = 2000, PendingChildren = 2000, PendingSignals = 2000, PendingCancels = 2000, SignalsPerRun = 10_000, UpdatesInFlight = 10, UpdatesPerRun = 2000,
        HistoryEventsError = 51_200, HistoryBytesError = 50 * Mebibyte, HistoryEventsSuggest = 4096, HistoryBytesSuggest = 4 * Mebibyte,
        BlobBytes = 2 * Mebibyte, MemoBytes = 2 * Mebibyte, IdLength = 1000, SearchAttributeBytes = 2048, SearchAttributesBytes = 40_960,
    });
}
