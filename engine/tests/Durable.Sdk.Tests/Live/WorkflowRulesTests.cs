using System.Collections.Concurrent;
using Durable.Sdk.Tests.Samples;
using Microsoft.Extensions.Logging;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Common;
using Temporalio.Exceptions;
using Temporalio.Testing;
using Temporalio.Worker;
using Temporalio.Workflows;

namespace Durable.Sdk.Tests.Live;

/// <summary>Rules of workflow code that need a client or a worker beside it to be seen.</summary>
public class WorkflowRulesTests
{
    [Fact]
    public async Task WhatCameBeforeTheFirstTask_RunsBetweenConstructorAndMainMethod()
    {
        await using var environment = await WorkflowEnvironment.StartLocalAsync();
        var options = SampleWorker.Start();
        options.IdConflictPolicy = WorkflowIdConflictPolicy.Fail;
        var operation = WithStartWorkflowOperation.Create((Golden.BeforeTheFirstTaskWithInit workflow) => workflow.RunAsync("Joe"), options);
        var update = environment.Client.ExecuteUpdateWithStartWorkflowAsync((Golden.BeforeTheFirstTaskWithInit workflow) => workflow.UpdateAsync(), new(operation));
        var handle = environment.Client.GetWorkflowHandle<Golden.BeforeTheFirstTaskWithInit, List<string>>(options.Id!);
        await SampleWorker.UntilAsync(async () => await ExistsAsync(handle));
        await handle.SignalAsync(workflow => workflow.SignalAsync());
        using var worker = new TemporalWorker(environment.Client, new TemporalWorkerOptions(SampleWorker.TaskQueue).AddWorkflow<Golden.BeforeTheFirstTaskWithInit>());

        await worker.ExecuteAsync(async () =>
        {
            (await update.WaitAsync(SampleWorker.Patience)).ShouldBe("Joe");
            (await handle.GetResultAsync().WaitAsync(SampleWorker.Patience)).ShouldBe(
                ["constructor Joe at BeforeTheFirstTaskWithInit", "signal for Joe", "update for Joe", "run Joe starts", "run ends"]);
        });
    }

    [Fact]
    public async Task HandlersThatAreUnfinished_AreWarnedOf_OncePerKind_AndOnlyTheOnesThatAsk()
    {
        var logs = new LogList();
        await SampleWorker.RunAsync(
            new TemporalWorkerOptions(SampleWorker.TaskQueue) { LoggerFactory = logs }.AddWorkflow<Golden.HandlersUnfinishedAtEnd>(),
            async client =>
            {
                var handle = await client.StartWorkflowAsync((Golden.HandlersUnfinishedAtEnd workflow) => workflow.RunAsync(), SampleWorker.Start());
                var warn = await handle.StartUpdateAsync(workflow => workflow.WarnAsync(), new(WorkflowUpdateStage.Accepted));
                await handle.StartUpdateAsync(workflow => workflow.AbandonAsync(), new(WorkflowUpdateStage.Accepted));
                await handle.SignalAsync(workflow => workflow.WarnSignalAsync());
                await handle.SignalAsync(workflow => workflow.AbandonSignalAsync());
                await handle.SignalAsync(workflow => workflow.FinishAsync());

                (await handle.GetResultAsync()).ShouldBe("all finished: False");

                var lost = await Should.ThrowAsync<WorkflowUpdateFailedException>(() => warn.GetResultAsync());
                lost.InnerException.ShouldBeOfType<ApplicationFailureException>().ErrorType.ShouldBe("AcceptedUpdateCompletedWorkflow");
            });

        var warnings = logs.Lines.Where(static line => line.Contains("[TMPRL1102]", StringComparison.Ordinal)).ToArray();
        warnings.Length.ShouldBe(2);
        warnings.ShouldContain(static line => line.Contains("update", StringComparison.OrdinalIgnoreCase) && line.Contains("Warn", StringComparison.Ordinal));
        warnings.ShouldContain(static line => line.Contains("signal", StringComparison.OrdinalIgnoreCase) && line.Contains("WarnSignal", StringComparison.Ordinal));
        warnings.ShouldAllBe(static line => !line.Contains("Abandon\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(typeof(Golden.UsesSystemTimer), "Workflow.DelayAsync")]
    [InlineData(typeof(Golden.UsesThreadPool), "Workflow.RunTaskAsync")]
    [InlineData(typeof(Golden.BlocksTheThread), "[TMPRL1101]")]
    [InlineData(typeof(Golden.BreaksInCondition), "")]
    public Task CodeThatLeavesItsScheduler_FailsTheTaskOnly_AndSaysWhatToUseInstead(Type workflow, string advice) => SampleWorker.RunAsync(
        new TemporalWorkerOptions(SampleWorker.TaskQueue).AddWorkflow(workflow),
        async client =>
        {
            var handle = await client.StartWorkflowAsync(workflow.Name, [], SampleWorker.Start());
            var failure = "";
            await SampleWorker.UntilAsync(async () =>
            {
                failure = (await handle.FetchHistoryAsync()).Events.FirstOrDefault(static e => e.EventType == EventType.WorkflowTaskFailed)?
                    .WorkflowTaskFailedEventAttributes.Failure.Message ?? "";
                return failure.Length > 0;
            });

            failure.ShouldContain(advice);
            (await handle.DescribeAsync()).Status.ShouldBe(WorkflowExecutionStatus.Running);
        },
        detectsDeadlocks: workflow == typeof(Golden.BlocksTheThread));

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public async Task LogsAndMetrics_AreSilentOnReplay(int cached)
    {
        var logs = new LogList();
        await SampleWorker.RunAsync(
            new TemporalWorkerOptions(SampleWorker.TaskQueue) { LoggerFactory = logs, MaxCachedWorkflows = cached }
                .AddWorkflow<SpeaksUp>().AddAllActivities(new GreetingActivities()),
            async client =>
            {
                var handle = await client.StartWorkflowAsync((SpeaksUp workflow) => workflow.RunAsync(3), SampleWorker.Start());
                await handle.GetResultAsync();
            });

        logs.Lines.Where(static line => line.StartsWith("step ", StringComparison.Ordinal)).ShouldBe(["step 0", "step 1", "step 2"]);
    }

    [Fact]
    public Task OneCachedRun_ManyWorkflows_AllGoOn() => SampleWorker.RunAsync(
        new TemporalWorkerOptions(SampleWorker.TaskQueue) { MaxCachedWorkflows = 1 }.AddWorkflow<SpeaksUp>().AddAllActivities(new GreetingActivities()),
        async client =>
        {
            var handles = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => client.StartWorkflowAsync((SpeaksUp workflow) => workflow.RunAsync(3), SampleWorker.Start())));

            (await Task.WhenAll(handles.Select(static handle => handle.GetResultAsync()))).ShouldAllBe(static steps => steps == 3);
        });

    [Fact]
    public Task SerialUpdatesUnderAMutex_AreServedInOrder() => SampleWorker.RunAsync(
        new TemporalWorkerOptions(SampleWorker.TaskQueue).AddWorkflow<SafeLedger>().AddAllActivities(new GreetingActivities()),
        async client =>
        {
            var handle = await client.StartWorkflowAsync((SafeLedger workflow) => workflow.RunAsync(null), SampleWorker.Start());

            var balances = await Task.WhenAll(Enumerable.Range(1, 20).Select(amount => handle.ExecuteUpdateAsync(workflow => workflow.DepositAsync(amount))));

            balances.Max().ShouldBe(210);
            balances.Distinct().Count().ShouldBe(20);
            (await Should.ThrowAsync<WorkflowUpdateFailedException>(() => handle.ExecuteUpdateAsync(workflow => workflow.DepositAsync(0)))).InnerException!.Message.ShouldBe("nothing to deposit");
            // Deposits may have made it continue as new; the balance goes along.
            (await client.GetWorkflowHandle<SafeLedger>(handle.Id).QueryAsync(workflow => workflow.Balance)).ShouldBe(210);
        },
        // A run takes ten at a time; the others are tried again, for as long as those take.
        static options => options.RpcRetry = new() { MaxRetries = int.MaxValue, MaxElapsedTime = null });

    [Fact]
    public Task Child_HasTheSummaryAndDetailsThatItsParentGave() => SampleWorker.RunAsync(
        new TemporalWorkerOptions(SampleWorker.TaskQueue).AddWorkflow<HasAChild>().AddWorkflow<GoesOn>(),
        async client =>
        {
            await client.ExecuteWorkflowAsync((HasAChild workflow) => workflow.RunAsync(), SampleWorker.Start("parent"));

            var child = await client.GetWorkflowHandle("parent-child").DescribeAsync();

            ((await child.GetStaticSummaryAsync()), (await child.GetStaticDetailsAsync())).ShouldBe(("a child", "of its parent"));
        });

    [Fact]
    public async Task Build_OnReplay_IsTheOneThatHadTheTask_AndThenTheWorkersOwn()
    {
        await using var environment = await WorkflowEnvironment.StartLocalAsync();
        var client = environment.Client;
        async Task WithBuildAsync(string build, Func<Task> test)
        {
#pragma warning disable CS0618 // The form without a deployment.
            using var worker = new TemporalWorker(client, new TemporalWorkerOptions(SampleWorker.TaskQueue) { BuildId = build }.AddWorkflow<SaysItsBuild>());
#pragma warning restore CS0618
            await worker.ExecuteAsync(test).WaitAsync(SampleWorker.Patience);
        }
        var handle = await client.StartWorkflowAsync((SaysItsBuild workflow) => workflow.RunAsync(), SampleWorker.Start());

        await WithBuildAsync("1.0", async () => (await handle.QueryAsync(workflow => workflow.Build)).ShouldBe("1.0"));
        await WithBuildAsync("1.1", async () =>
        {
            (await handle.QueryAsync(workflow => workflow.Build)).ShouldBe("1.0");
            await handle.SignalAsync(workflow => workflow.FinishAsync());
            await handle.GetResultAsync();
            (await handle.QueryAsync(workflow => workflow.Build)).ShouldBe("1.1");
        });
    }

    private static async Task<bool> ExistsAsync(WorkflowHandle handle)
    {
        try
        {
            await handle.DescribeAsync();
            return true;
        }
        catch (RpcException e) when (e.Code == RpcException.StatusCode.NotFound)
        {
            return false;
        }
    }

    private sealed class LogList : ILoggerFactory, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception));
    }
}
