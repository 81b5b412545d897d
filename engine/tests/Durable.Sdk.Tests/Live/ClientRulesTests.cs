using Durable.Sdk.Tests.Samples;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Exceptions;
using Temporalio.Worker;

namespace Durable.Sdk.Tests.Live;

/// <summary>What calls of the client throw: the table of the recordings, row by row.</summary>
public class ClientRulesTests
{
    private static TemporalWorkerOptions Worker => new TemporalWorkerOptions(SampleWorker.TaskQueue)
        .AddWorkflow<Golden.WaitsForEver>().AddWorkflow<GoesOn>()
        .AddWorkflow<GreetingWorkflow>().AddAllActivities(new GreetingActivities());

    private static RpcOptions Short => new() { Timeout = TimeSpan.FromMilliseconds(300) };

    [Fact]
    public Task Result_OfEachEnd_SaysHowItEnded() => SampleWorker.RunAsync(Worker, async client =>
    {
        async Task<WorkflowHandle> BeginAsync(TimeSpan? timeout = null)
        {
            var options = SampleWorker.Start();
            options.RunTimeout = timeout;
            return await client.StartWorkflowAsync(nameof(Golden.WaitsForEver), [], options);
        }
        async Task<Exception> EndAsync(WorkflowHandle handle)
        {
            var failed = await Should.ThrowAsync<WorkflowFailedException>(() => handle.GetResultAsync());
            failed.Message.ShouldBe("Workflow failed");
            return failed.InnerException!;
        }

        var cancelled = await BeginAsync();
        await cancelled.CancelAsync();
        (await EndAsync(cancelled)).ShouldBeOfType<CanceledFailureException>().Message.ShouldBe("Workflow canceled");
        var terminated = await BeginAsync();
        await terminated.TerminateAsync("enough", new() { Details = ["a detail"] });
        var end = (await EndAsync(terminated)).ShouldBeOfType<TerminatedFailureException>();
        end.Message.ShouldBe("enough");
        end.Details!.ElementAt<string>(0).ShouldBe("a detail");
        var timedOut = (await EndAsync(await BeginAsync(TimeSpan.FromSeconds(1)))).ShouldBeOfType<TimeoutFailureException>();
        timedOut.Message.ShouldBe("Workflow timed out");
        timedOut.TimeoutType.ShouldBe(TimeoutType.StartToClose);
        await terminated.CancelAsync();
    });

    [Fact]
    public Task Call_WithoutWhatItNeeds_Throws() => SampleWorker.RunAsync(Worker, async client =>
    {
        (await Should.ThrowAsync<ArgumentException>(() => client.StartWorkflowAsync("any", [], new() { TaskQueue = "some" }))).Message.ShouldBe("ID required to start workflow");
        (await Should.ThrowAsync<ArgumentException>(() => client.StartWorkflowAsync("any", [], new() { Id = "some" }))).Message.ShouldBe("Task queue required to start workflow");
        var handle = await client.StartWorkflowAsync(nameof(Golden.WaitsForEver), [], SampleWorker.Start("needs"));
        await Should.ThrowAsync<ArgumentException>(() => handle.StartUpdateAsync("any", [], new(WorkflowUpdateStage.Admitted)));
        await Should.ThrowAsync<ArgumentException>(() => handle.StartUpdateAsync("any", [], new(WorkflowUpdateStage.None)));
        (await Should.ThrowAsync<ArgumentException>(() => client.StartUpdateWithStartWorkflowAsync(
            "any", [], new(WithStartWorkflowOperation.Create("any", [], SampleWorker.Start()), WorkflowUpdateStage.Accepted))))
            .Message.ShouldBe("Workflow ID conflict policy required for update with start");
    });

    /// <summary>What cannot be said of a start that goes with an update.</summary>
    public static TheoryData<string, string> StartsThatCannotGoWithAnUpdate => new()
    {
        { "signal", "Cannot have start signal on update with start" },
        { "eager", "Cannot request eager start on update with start" },
        { "policy", "Workflow ID conflict policy required for update with start" },
        { "rpc", "Cannot set RPC options on start options, set them on the update options" },
        { "id", "ID required to start workflow" },
        { "queue", "Task queue required to start workflow" },
        { "stage", "Admitted is not an allowed wait stage to start workflow update" },
    };

    [Theory]
    [MemberData(nameof(StartsThatCannotGoWithAnUpdate))]
    public Task UpdateWithStart_ThatCannotBe_Throws_AlsoForThoseWhoWaitForTheHandle(string wrong, string message) => SampleWorker.RunAsync(Worker, async client =>
    {
        var options = SampleWorker.Start();
        options.IdConflictPolicy = wrong == "policy" ? WorkflowIdConflictPolicy.Unspecified : WorkflowIdConflictPolicy.UseExisting;
        options.StartSignal = wrong == "signal" ? "any" : null;
        options.RequestEagerStart = wrong == "eager";
        options.Rpc = wrong == "rpc" ? new() : null;
        options.Id = wrong == "id" ? null : options.Id;
        options.TaskQueue = wrong == "queue" ? null : options.TaskQueue;
        var operation = WithStartWorkflowOperation.Create("any", [], options);

        var thrown = await Should.ThrowAsync<ArgumentException>(() => client.StartUpdateWithStartWorkflowAsync(
            "any", [], new(operation, wrong == "stage" ? WorkflowUpdateStage.Admitted : WorkflowUpdateStage.Accepted)));

        thrown.Message.ShouldBe(message);
        (await Should.ThrowAsync<ArgumentException>(() => operation.GetHandleAsync())).ShouldBeSameAs(thrown);
        (await Should.ThrowAsync<ArgumentException>(() => client.StartUpdateWithStartWorkflowAsync("any", [], new(operation, WorkflowUpdateStage.Accepted))))
            .Message.ShouldBe("Start operation already used");
    });

    [Fact]
    public Task IdTaken_SaysByWhom() => SampleWorker.RunAsync(Worker, async client =>
    {
        var first = await client.StartWorkflowAsync(nameof(Golden.WaitsForEver), [], SampleWorker.Start("taken"));

        var taken = await Should.ThrowAsync<WorkflowAlreadyStartedException>(() => client.StartWorkflowAsync("other", [], SampleWorker.Start("taken")));
        (taken.WorkflowId, taken.WorkflowType, taken.RunId).ShouldBe(("taken", "other", first.ResultRunId!));
        var options = SampleWorker.Start("taken");
        options.IdConflictPolicy = WorkflowIdConflictPolicy.Fail;
        var operation = WithStartWorkflowOperation.Create("other", [], options);
        var both = await Should.ThrowAsync<WorkflowAlreadyStartedException>(() => client.StartUpdateWithStartWorkflowAsync("any", [], new(operation, WorkflowUpdateStage.Accepted)));
        both.RunId.ShouldBe(first.ResultRunId);
        (await Should.ThrowAsync<WorkflowAlreadyStartedException>(() => operation.GetHandleAsync())).ShouldBeSameAs(both);
    });

    [Fact]
    public Task OptionsUsedTwice_AreTwoCalls() => SampleWorker.RunAsync(Worker, async client =>
    {
        var options = SampleWorker.Start("twice");
        options.SignalWithStart("first", []);
        var first = await client.StartWorkflowAsync(nameof(Golden.WaitsForEver), [], options);
        options.SignalWithStart("second", []);
        (await client.StartWorkflowAsync(nameof(Golden.WaitsForEver), [], options)).ResultRunId.ShouldBe(first.ResultRunId);
        // A signal that comes while a task is with the worker is written behind that task.
        string[] signals = [];
        await SampleWorker.UntilAsync(async () => (signals = [.. (await first.FetchHistoryAsync()).Events
            .Select(static e => e.WorkflowExecutionSignaledEventAttributes?.SignalName).OfType<string>()]).Length > 1);
        signals.ShouldBe(["first", "second"]);

        options = SampleWorker.Start("once");
        await client.StartWorkflowAsync(nameof(Golden.WaitsForEver), [], options);
        await Should.ThrowAsync<WorkflowAlreadyStartedException>(() => client.StartWorkflowAsync(nameof(Golden.WaitsForEver), [], options));
    });

    [Fact]
    public Task Gone_IsNotFound() => SampleWorker.RunAsync(Worker, async client =>
    {
        var unknown = client.GetWorkflowHandle("nobody");
        (await NotFoundAsync(() => unknown.SignalAsync("any", []))).ShouldBe("workflow not found for ID: nobody");
        await NotFoundAsync(() => unknown.DescribeAsync());
        await NotFoundAsync(() => unknown.QueryAsync<string>("any", []));
        var closed = await client.StartWorkflowAsync((GreetingWorkflow workflow) => workflow.RunAsync("you", false), SampleWorker.Start());
        await closed.GetResultAsync();
        (await NotFoundAsync(() => closed.SignalAsync("any", []))).ShouldBe("workflow execution already completed");
        (await NotFoundAsync(() => closed.ExecuteUpdateAsync("Rename", ["new"]))).ShouldBe("workflow execution already completed");
        await NotFoundAsync(() => closed.GetUpdateHandle("no-such-update").GetResultAsync());
    });

    [Fact]
    public Task Query_OfWhatIsNeitherMethodNorProperty_IsRefused() => SampleWorker.RunAsync(Worker, async client =>
    {
        var handle = client.GetWorkflowHandle<GreetingWorkflow>("any");
        (await Should.ThrowAsync<ArgumentException>(() => handle.QueryAsync<Func<Task>>(workflow => workflow.FinishAsync)))
            .Message.ShouldBe("Expression must be a single method call or property access");
    });

    [Fact]
    public Task Query_ThatFails_OrIsRefused_SaysWhy() => SampleWorker.RunAsync(Worker, async client =>
    {
        var handle = await client.StartWorkflowAsync((GreetingWorkflow workflow) => workflow.RunAsync("you", false), SampleWorker.Start());
        await handle.GetResultAsync();

        (await handle.QueryAsync(workflow => workflow.State)).ShouldBe("greeting");
        (await Should.ThrowAsync<WorkflowQueryFailedException>(() => handle.QueryAsync<string>("Nothing", []))).Message
            .ShouldStartWith("Query handler for Nothing expected but not found, known queries: [");
        (await Should.ThrowAsync<WorkflowQueryRejectedException>(() => handle.QueryAsync(
            workflow => workflow.State, new() { RejectCondition = QueryRejectCondition.NotOpen }))).WorkflowStatus.ShouldBe(WorkflowExecutionStatus.Completed);
    });

    [Fact]
    public Task Update_RefusedUnknownOrBadlyCalled_FailsWithTheReason() => SampleWorker.RunAsync(Worker, async client =>
    {
        var handle = await client.StartWorkflowAsync((GreetingWorkflow workflow) => workflow.RunAsync("you", true), SampleWorker.Start());
        async Task<ApplicationFailureException> RefusalAsync(string update, params object?[] args)
        {
            var failed = await Should.ThrowAsync<WorkflowUpdateFailedException>(() => handle.ExecuteUpdateAsync<string>(update, args));
            failed.Message.ShouldBe("Workflow update failed");
            return failed.InnerException.ShouldBeOfType<ApplicationFailureException>();
        }

        (await RefusalAsync("Nothing")).Message.ShouldBe("Update handler for Nothing expected but not found, known updates: [Rename]");
        (await RefusalAsync("Rename")).Message.ShouldBe("Update Rename given 0 parameter(s), but more than that are required by the signature");
        (await RefusalAsync("Rename", 17)).Message.ShouldBe("Update Rename had failure decoding parameters");
        (await handle.ExecuteUpdateAsync<string>("Rename", ["a", "one too many"])).ShouldBe("renamed to a");
        (await handle.FetchHistoryAsync()).Events.Count(static e => e.EventType == EventType.WorkflowExecutionUpdateAccepted).ShouldBe(1);
    });

    [Fact]
    public async Task Wait_ThatEndsEarly_SaysSo()
    {
        await using var environment = await Temporalio.Testing.WorkflowEnvironment.StartLocalAsync();
        // No worker: nothing is ever answered.
        var handle = await environment.Client.StartWorkflowAsync("any", [], SampleWorker.Start());

        var update = await Should.ThrowAsync<WorkflowUpdateRpcTimeoutOrCanceledException>(() => handle.ExecuteUpdateAsync("any", [], new() { Rpc = Short }));
        update.Message.ShouldBe("Timeout or cancellation waiting for update");
        update.InnerException.ShouldBeOfType<RpcException>().Code.ShouldBe(RpcException.StatusCode.Cancelled);
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        (await Should.ThrowAsync<WorkflowUpdateRpcTimeoutOrCanceledException>(
            () => handle.ExecuteUpdateAsync("any", [], new() { Rpc = new() { CancellationToken = soon.Token } }))).InnerException.ShouldBeAssignableTo<OperationCanceledException>();
        var query = await Should.ThrowAsync<RpcException>(() => handle.QueryAsync<string>("any", [], new() { Rpc = Short }));
        (query.Code, query.Message).ShouldBe((RpcException.StatusCode.Cancelled, "Timeout expired"));
        using var sooner = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Should.ThrowAsync<OperationCanceledException>(() => handle.GetResultAsync(rpcOptions: new() { CancellationToken = sooner.Token }));
    }

    [Fact]
    public Task Result_OfARunThatGoesOn_FollowsOrSaysWhere() => SampleWorker.RunAsync(Worker, async client =>
    {
        var handle = await client.StartWorkflowAsync((GoesOn workflow) => workflow.RunAsync(2), SampleWorker.Start());

        var next = await Should.ThrowAsync<WorkflowContinuedAsNewException>(() => handle.GetResultAsync(followRuns: false));
        next.NewRunId.ShouldNotBe(handle.ResultRunId);
        (await handle.GetResultAsync()).ShouldBe("the end");
    });

    private static async Task<string> NotFoundAsync(Func<Task> call)
    {
        var fault = await Should.ThrowAsync<RpcException>(call);
        fault.Code.ShouldBe(RpcException.StatusCode.NotFound);
        return fault.Message;
    }
}
