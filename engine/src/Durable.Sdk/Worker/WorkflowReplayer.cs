using System.Runtime.CompilerServices;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Common;
using Temporalio.Exceptions;
using Temporalio.Runtime;
using Temporalio.Worker.Internal.Core;
using Temporalio.Worker.Internal.Language;
using Temporalio.Worker.Internal.Runs;

namespace Temporalio.Worker;

/// <summary>Runs workflow code against recorded histories: shows whether a change of the code still fits them.</summary>
/// <remarks>Needs no server. Activities, local ones too, are not executed. Thread-safe.</remarks>
public class WorkflowReplayer
{
    private readonly WorkflowRunEnvironment environment;

    /// <exception cref="ArgumentException">No workflow, or wrong ones, were registered.</exception>
    public WorkflowReplayer(WorkflowReplayerOptions options)
    {
        Options = (WorkflowReplayerOptions)options.Clone();
        foreach (var plugin in Options.Plugins ?? [])
        {
            plugin.ConfigureReplayer(Options);
        }
        if (Options.Workflows.Count == 0)
        {
            throw new ArgumentException("Must have at least one workflow");
        }
        environment = new WorkflowRunEnvironment(
            new WorkflowEnvironmentInfo
            {
                Namespace = Options.Namespace,
                TaskQueue = Options.TaskQueue,
                DataConverter = Options.DataConverter,
                Interceptors = [.. Options.Interceptors ?? []],
                LoggerFactory = Options.LoggerFactory,
                MetricMeter = (Options.Runtime ?? TemporalRuntime.Default).MetricMeter,
                FailureExceptionTypes = Options.WorkflowFailureExceptionTypes ?? [],
                StackTrace = WorkflowStackTrace.None,
                DisableEagerActivities = false,
                WatchesScheduling = !Options.DisableWorkflowTracingEventListener,
                OnStarting = Options.HasTaskStarting ? instance => Options.OnTaskStarting(this, new(instance.Info, instance.Definition)) : null,
                OnCompleted = Options.HasTaskCompleted
                    ? (instance, failure) => Options.OnTaskCompleted(this, new(instance.Info, instance.Definition, failure))
                    : null,
            },
            Options.Workflows,
            TimeProvider.System);
    }

    public WorkflowReplayerOptions Options { get; }

    internal WorkflowRunEnvironment Environment => environment;

    /// <summary>Replays one history.</summary>
    /// <param name="throwOnReplayFailure">False: the failure is in the result.</param>
    /// <exception cref="WorkflowNondeterminismException">The code does not fit the history.</exception>
    /// <exception cref="InvalidWorkflowOperationException">The code failed the workflow task.</exception>
    public async Task<WorkflowReplayResult> ReplayWorkflowAsync(
        WorkflowHistory history, bool throwOnReplayFailure = true, CancellationToken cancellationToken = default) =>
        (await ReplayWorkflowsAsync([history], throwOnReplayFailure, cancellationToken).ConfigureAwait(false)).Single();

    /// <summary>Replays histories one after the other.</summary>
    /// <param name="throwOnReplayFailure">True: the first failure ends it.</param>
    /// <exception cref="InvalidWorkflowOperationException">A replay failed and <paramref name="throwOnReplayFailure"/> is true.</exception>
    public Task<IEnumerable<WorkflowReplayResult>> ReplayWorkflowsAsync(
        IEnumerable<WorkflowHistory> histories, bool throwOnReplayFailure = false, CancellationToken cancellationToken = default)
    {
        Func<WorkflowReplayer, CancellationToken, Task<IEnumerable<WorkflowReplayResult>>> replay = async (_, token) =>
        {
            var results = new List<WorkflowReplayResult>();
            foreach (var history in histories)
            {
                results.Add(await ReplayAsync(history, throwOnReplayFailure, token).ConfigureAwait(false));
            }
            return results;
        };
        foreach (var plugin in (Options.Plugins ?? []).Reverse())
        {
            var next = replay;
            replay = (replayer, token) => plugin.ReplayWorkflowsAsync(replayer, next, token);
        }
        return replay(this, cancellationToken);
    }

    /// <summary>Replays histories as they come.</summary>
    /// <inheritdoc cref="ReplayWorkflowsAsync(IEnumerable{WorkflowHistory}, bool, CancellationToken)"/>
    public IAsyncEnumerable<WorkflowReplayResult> ReplayWorkflowsAsync(
        IAsyncEnumerable<WorkflowHistory> histories, bool throwOnReplayFailure = false, CancellationToken cancellationToken = default)
    {
        Func<WorkflowReplayer, IAsyncEnumerable<WorkflowReplayResult>> replay = _ => EachAsync(histories, throwOnReplayFailure, cancellationToken);
        foreach (var plugin in (Options.Plugins ?? []).Reverse())
        {
            var next = replay;
            replay = replayer => plugin.ReplayWorkflowsAsync(replayer, next, cancellationToken);
        }
        return replay(this);
    }

    private async IAsyncEnumerable<WorkflowReplayResult> EachAsync(
        IAsyncEnumerable<WorkflowHistory> histories, bool throwOnReplayFailure, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var history in histories.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            yield return await ReplayAsync(history, throwOnReplayFailure, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<WorkflowReplayResult> ReplayAsync(WorkflowHistory history, bool throwOnReplayFailure, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var failure = await ReplayAsync(history).ConfigureAwait(false);
        if (failure is not null && throwOnReplayFailure)
        {
            throw failure;
        }
        return new WorkflowReplayResult(history, failure);
    }

    private async Task<Exception?> ReplayAsync(WorkflowHistory history)
    {
        var started = history.Events.FirstOrDefault()?.WorkflowExecutionStartedEventAttributes ??
            throw new ArgumentException("History does not begin with WorkflowExecutionStarted", nameof(history));
        var run = new WorkflowRun(environment, history.Id, started.OriginalExecutionRunId);
        run.Machines.Deliver(history.Events, PreviousStarted(history.Events), []);
        // Code may block, and must not block the caller for ever; it runs where tasks do.
        var watches = !Options.DisableWorkflowTracingEventListener;
        if (watches)
        {
            SchedulingWatch.Instance.Register();
        }
        try
        {
            var failure = await WatchedAsync(run, Task.Run(() => run.AdvanceAsync(stopAtLive: true))).ConfigureAwait(false);
            return failure is null ? null : ReplayFailure.Of(failure, environment);
        }
        finally
        {
            if (watches)
            {
                SchedulingWatch.Instance.Unregister();
            }
        }
    }

    // A thread that workflow code blocks is lost; the caller is not. Past the end of the history it would be the worker's affair.
    private async Task<Exception?> WatchedAsync(WorkflowRun run, Task<Exception?> replaying)
    {
        while (!Options.DebugMode && await Task.WhenAny(replaying, Task.Delay(Deadlock.Pause)).ConfigureAwait(false) != replaying)
        {
            if (Deadlock.IsIn(run, environment.Clock))
            {
                return run.Machines.IsReplaying ? Deadlock.Of(run.RunId) : null;
            }
        }
        return await replaying.ConfigureAwait(false);
    }

    // The start of the last completed task but one: what comes after it is the task that a worker would get.
    private static long PreviousStarted(IReadOnlyCollection<HistoryEvent> events)
    {
        var previous = 0L;
        var current = 0L;
        HistoryEvent? last = null;
        foreach (var historyEvent in events)
        {
            if (last?.EventType == EventType.WorkflowTaskStarted && !Events.EndsTaskAbruptly(historyEvent.EventType))
            {
                previous = current;
                current = last.EventId;
            }
            last = historyEvent;
        }
        if (last?.EventType == EventType.WorkflowTaskStarted)
        {
            previous = current;
        }
        return Events.IsFinal(last?.EventType ?? default) ? current : previous;
    }
}
