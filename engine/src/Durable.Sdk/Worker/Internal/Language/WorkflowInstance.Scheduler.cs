using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Temporalio.Worker.Internal.Language;

internal sealed partial class WorkflowInstance
{
    private readonly Queue<Task> queue = new();
    private readonly LinkedList<Condition> conditions = new();
    private readonly LinkedList<StackTrace>? stackTraces;
    private bool watches;
    private int activeThreadId;
    private Exception? activationFailure;
    private volatile Exception? foreignFailure;

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Whether the runtime's task events are checked now.</summary>
    public bool WatchesScheduling => watches;

    /// <summary>Fails the activation that is running. The first reason counts.</summary>
    public void FailActivation(Exception e) => activationFailure ??= e;

    public T WithTracingEventListenerDisabled<T>(Func<T> fn)
    {
        var before = watches;
        watches = false;
        try
        {
            var count = commands.Count;
            var result = fn();
            if (commands.Count != count)
            {
                throw new InvalidOperationException("Function during tracing event listener disabling created workflow commands");
            }
            return result;
        }
        finally
        {
            watches = before;
        }
    }

    protected override IEnumerable<Task>? GetScheduledTasks() => queue;

    // Everything takes its turn: running a continuation inside the task that completes it would change the order that histories replay.
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override void QueueTask(Task task)
    {
        if (activeThreadId != Environment.CurrentManagedThreadId)
        {
            // A timer or another thread has completed something that the workflow waits for: no replay would see it at the same place.
            foreignFailure = new InvalidWorkflowSchedulerException(
                "Workflow was resumed by work outside of it, such as Task.Delay or Task.Run, which is non-deterministic. " +
                "Use Workflow.DelayAsync, Workflow.RunTaskAsync or an activity instead.",
                Environment.StackTrace);
            return;
        }
        queue.Enqueue(task);
    }

    /// <summary>Runs tasks until none is left, waking conditions in between.</summary>
    /// <param name="checkConditions">False when nothing but queries came.</param>
    /// <param name="wakeAll">As event loops of old SDK versions did: all true conditions at once, not only the first.</param>
    private void RunTasks(bool checkConditions, bool wakeAll)
    {
        while (queue.Count > 0)
        {
            while (queue.TryDequeue(out var task))
            {
                TryExecuteTask(task);
                if (activationFailure is not null)
                {
                    ExceptionDispatchInfo.Throw(activationFailure);
                }
            }
            if (checkConditions && conditions.Count > 0)
            {
                WakeConditions(wakeAll);
            }
        }
    }

    private void WakeConditions(bool wakeAll)
    {
        // A condition cannot run as a task: running one queues more. It is workflow code all the same.
        Workflow.OverrideContext = this;
        try
        {
            for (var node = conditions.First; node is not null; node = node.Next)
            {
                if (node.Value.Check())
                {
                    node.Value.Woken.TrySetResult();
                    if (!wakeAll)
                    {
                        return;
                    }
                }
            }
        }
        finally
        {
            Workflow.OverrideContext = null;
        }
    }

    internal Task QueueAsync(Func<Task> function) => tasks.StartNew(Traced(function)).Unwrap();

    internal Task<T> QueueAsync<T>(Func<Task<T>> function) => tasks.StartNew(Traced(function)).Unwrap();

    private Func<TTask> Traced<TTask>(Func<TTask> function)
        where TTask : Task
    {
        if (stackTraces is null)
        {
            return function;
        }
        var node = stackTraces.AddLast(new StackTrace(environment.StackTrace == WorkflowStackTrace.Normal));
        return () =>
        {
            var task = function();
            // On the workflow's scheduler, so that the list has one thread. Nothing waits for it: the order of other tasks stays.
            _ = task.ContinueWith(_ => stackTraces.Remove(node), CancellationToken.None, TaskContinuationOptions.None, this);
            return task;
        };
    }

    private sealed record Condition(Func<bool> Check, TaskCompletionSource Woken);
}
