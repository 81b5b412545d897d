using System.Collections.Concurrent;
using System.Diagnostics;
using Durable.Server.Deployments;
using Durable.Server.Executions;
using Durable.Server.Matching;
using Durable.Server.Storage;
using Durable.Server.Time;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Durable.Server.Engine;

/// <summary>
/// The shell around the runs: lets one command at a time into a run, commits what it decides, and only then lets the effects
/// out: tasks into queues, answers to those who wait, requests to other runs.
/// </summary>
/// <remarks>Nothing is acknowledged before its commit. Two runs' gates are never held together, but for a run and the one that follows it.</remarks>
internal sealed partial class ServerEngine : IAsyncDisposable
{
    /// <summary>After this, a run whose last command failed is loaded again. A full disk lasts for a while; a second is no load and no wait.</summary>
    private static readonly TimeSpan SecondLook = TimeSpan.FromSeconds(1);

    /// <summary>For what runs at the end: each piece is one short transaction or sees that the server stops.</summary>
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Runs looked at for eviction each time one is given back: more than one, so that a full house shrinks, and bounded, so that a call stays short.</summary>
    private const int EvictionLooks = 4;

    private readonly IServerStore store;
    private readonly RunContext context;
    private readonly TaskMatcher matcher;
    private readonly TimeProvider clock;
    private readonly ITimeSkippingLocks locks;
    private readonly ServerMetrics metrics;
    private readonly ILogger logger;
    private readonly int maximumLoadedRuns;
    private readonly Dictionary<RunKey, RunSlot> slots = [];
    private readonly LinkedList<RunSlot> coldest = new();
    private readonly Lock slotsGate = new();
    private readonly ConcurrentDictionary<(string Namespace, string WorkflowId), WorkflowLock> workflowLocks = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly BackgroundWork background;

    public ServerEngine(
        IServerStore store,
        RunContext context,
        TaskMatcher matcher,
        TimeProvider clock,
        ITimeSkippingLocks locks,
        ServerMetrics metrics,
        ILogger logger,
        int maximumLoadedRuns,
        DeploymentRegistry deployments)
    {
        this.store = store;
        this.context = context;
        this.matcher = matcher;
        this.clock = clock;
        this.locks = locks;
        this.metrics = metrics;
        this.logger = logger;
        this.maximumLoadedRuns = maximumLoadedRuns;
        this.deployments = deployments;
        deployments.Changed = RerouteAll;
        Stopping = stopping.Token;
        background = new BackgroundWork(logger, stopping.Token);
        window = locks.JumpsToTimers ? TimeSpan.FromDays(36_500) : TimeSpan.FromMinutes(2);
        timers = new TimerQueue<RunKey>(clock, FireTimersAsync);
    }

    public DateTimeOffset Now => clock.GetUtcNow();

    public RunContext Context => context;

    public CancellationToken Stopping { get; }

    public void InBackground(Func<Task> work) => background.Run(work);

    /// <summary>Ends what waits without end: polls, and what runs in the background.</summary>
    public void BeginStop()
    {
        stopping.Cancel();
        matcher.ReleaseAll();
    }

    public async ValueTask DisposeAsync()
    {
        BeginStop();
        sweeper?.Dispose();
        timers.Dispose();
        await background.DrainAsync(DrainTimeout).ConfigureAwait(false);
        stopping.Dispose();
    }

    /// <summary>Runs one command on a run: under its gate, then the commit, then the effects, then the result.</summary>
    /// <exception cref="Durable.Protocol.RpcFaultException">NOT_FOUND: no such run; or what the command threw.</exception>
    public Task<T> WithRunAsync<T>(RunKey key, Func<Execution, DateTimeOffset, T> command, CancellationToken cancellationToken = default) =>
        WithSlotAsync(key, (_, execution, now) => ValueTask.FromResult(command(execution, now)), cancellationToken);

    /// <summary>The same for code that must see the slot (to wait for something) or the store.</summary>
    public async Task<T> WithSlotAsync<T>(RunKey key, Func<RunSlot, Execution, DateTimeOffset, ValueTask<T>> command, CancellationToken cancellationToken = default)
    {
        var slot = Rent(key);
        try
        {
            await slot.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                var execution = await LoadAsync(slot).ConfigureAwait(false) ?? throw Faults.WorkflowNotFound(key.WorkflowId, key.RunId);
                var now = Now;
                try
                {
                    var result = await command(slot, execution, now).ConfigureAwait(false);
                    await CommitAsync(slot, execution, now).ConfigureAwait(false);
                    return result;
                }
                catch (Exception failed) when (failed is not Durable.Protocol.RpcFaultException || execution.IsUndecided || slot.Execution is null)
                {
                    Forget(slot);
                    throw;
                }
            }
            finally
            {
                slot.Gate.Release();
            }
        }
        finally
        {
            GiveBack(slot);
        }
    }

    /// <summary>The key of the run that a request names: the given run, or the latest of the id.</summary>
    public async ValueTask<RunKey> ResolveAsync(string namespaceName, string workflowId, string runId)
    {
        if (runId.Length > 0)
        {
            return Guid.TryParse(runId, out _) ? new RunKey(namespaceName, workflowId, runId) : throw Faults.InvalidArgument("Invalid RunId.");
        }
        var current = await store.FindCurrentRunAsync(namespaceName, workflowId).ConfigureAwait(false) ?? throw Faults.WorkflowNotFound(workflowId);
        return new RunKey(namespaceName, workflowId, current.RunId);
    }

    /// <summary>Starts and changes of the chain of one workflow id happen one after the other.</summary>
    public async Task<IDisposable> LockWorkflowAsync(string namespaceName, string workflowId, CancellationToken cancellationToken)
    {
        var key = (namespaceName, workflowId);
        while (true)
        {
            var entry = workflowLocks.GetOrAdd(key, static _ => new WorkflowLock());
            lock (entry)
            {
                if (entry.Removed)
                {
                    continue;
                }
                entry.Users++;
            }
            var held = new HeldLock(this, key, entry);
            try
            {
                await entry.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
                return held;
            }
            catch
            {
                held.Forget();
                throw;
            }
        }
    }

    /// <summary>
    /// Throws the object away when it may be ahead of what is stored. Who waits on it is sent away to try again, and the run is looked at again soon:
    /// a queue entry that was taken out for it is in no queue any more.
    /// </summary>
    private void Forget(RunSlot slot)
    {
        slot.Execution = null;
        slot.EndWaits(Faults.Unavailable("the server could not store what happened to the workflow; try again"));
        timers.Set(slot.Key, Now + SecondLook);
    }

    private RunSlot Rent(RunKey key)
    {
        lock (slotsGate)
        {
            if (!slots.TryGetValue(key, out var slot))
            {
                slots.Add(key, slot = new RunSlot(key));
            }
            slot.Users++;
            if (slot.Node is { } node)
            {
                coldest.Remove(node);
                slot.Node = null;
            }
            return slot;
        }
    }

    private void GiveBack(RunSlot slot)
    {
        lock (slotsGate)
        {
            slot.Users--;
            if (slot.Users > 0)
            {
                return;
            }
            if (slot.Execution is null)
            {
                slots.Remove(slot.Key);
                return;
            }
            slot.Node = coldest.AddLast(slot);
            for (var looks = 0; looks < EvictionLooks && slots.Count > maximumLoadedRuns && coldest.First is { } node; looks++)
            {
                coldest.RemoveFirst();
                if (node.Value.Execution?.HasVolatileWork == true)
                {
                    // A run with work in the queues stays: the queue entries name what only this object knows.
                    coldest.AddLast(node);
                    continue;
                }
                slots.Remove(node.Value.Key);
                node.Value.Node = null;
            }
        }
    }

    private async ValueTask<Execution?> LoadAsync(RunSlot slot)
    {
        if (slot.Execution is { } loaded)
        {
            return loaded;
        }
        if (await RestoreAsync(slot).ConfigureAwait(false) is not { } execution)
        {
            return null;
        }
        slot.Execution = execution;
        foreach (var effect in execution.ReadyEffects(Now))
        {
            Release(slot, effect);
        }
        ScheduleTimer(slot, execution);
        if (execution.Outbox.Count > 0)
        {
            PumpOutbox(slot);
        }
        locks.Observe(slot.Key, execution.HoldsTime);
        return execution;
    }

    private async ValueTask<Execution?> RestoreAsync(RunSlot slot)
    {
        try
        {
            return await store.FindRunAsync(slot.Key).ConfigureAwait(false) is { } stored ? Execution.Restore(RunState.Parser.ParseFrom(stored.State), context) : null;
        }
        catch
        {
            // Its timer or queue entry may have brought us here, and would not come again.
            Forget(slot);
            throw;
        }
    }

    /// <summary>Stores what the run decided, with the runs that follow it, and lets the effects out. When it throws, nothing is stored and the object is of no use.</summary>
    private async Task CommitAsync(RunSlot slot, Execution execution, DateTimeOffset now, bool isNew = false)
    {
        var decision = execution.TakeDecision(now);
        var handouts = new List<(ReservedPoller Poller, IMessage Task)>();
        var followers = new List<Follower>();
        try
        {
            if (decision.Effects.Count > 0)
            {
                decision = await HandOutAsync(slot, execution, decision, handouts, now).ConfigureAwait(false);
            }
            if (decision.Changed)
            {
                var transaction = new StoreTransaction();
                transaction.Runs.Add(ToWrite(execution, decision, isNew));
                foreach (var effect in decision.Effects)
                {
                    var run = effect switch
                    {
                        NextRun next => Execution.Start(next.Start, context, now),
                        ReplacedBy replaced => replaced.Run,
                        _ => null,
                    };
                    if (run is not null)
                    {
                        var follower = Enter(run, run.TakeDecision(now));
                        followers.Add(follower);
                        transaction.Runs.Add(ToWrite(run, follower.Decision, isNew: true));
                    }
                }
                await StoreAsync(transaction).ConfigureAwait(false);
            }
        }
        catch
        {
            slot.Execution = null;
            foreach (var (poller, _) in handouts)
            {
                matcher.Return(poller);
            }
            foreach (var follower in followers)
            {
                Leave(follower);
            }
            throw;
        }
        foreach (var follower in followers)
        {
            follower.Slot.Execution = follower.Execution;
            ReleaseAll(follower.Slot, follower.Execution, follower.Decision);
            Leave(follower);
        }
        foreach (var (poller, task) in handouts)
        {
            // A caller that went away in this moment loses its task to the start-to-close timeout, as on the genuine server.
            poller.Give(task);
        }
        ReleaseAll(slot, execution, decision);
    }

    // The store tells of the follower as soon as the commit is there. Whoever comes then waits at the gate, and does not load a second object.
    private Follower Enter(Execution execution, Decision decision)
    {
        var slot = Rent(new RunKey(execution.Namespace, execution.WorkflowId, execution.RunId));
        if (!slot.Gate.Wait(0))
        {
            GiveBack(slot);
            throw new InvalidOperationException($"Bug: somebody knew run {execution.RunId} before it was made");
        }
        return new Follower(slot, execution, decision);
    }

    private void Leave(Follower follower)
    {
        follower.Slot.Gate.Release();
        GiveBack(follower.Slot);
    }

    /// <exception cref="Durable.Protocol.RpcFaultException">UNAVAILABLE: nothing of it is stored.</exception>
    public async Task StoreAsync(StoreTransaction transaction)
    {
        var started = Stopwatch.GetTimestamp();
        var isStored = false;
        try
        {
            await store.CommitAsync(transaction).ConfigureAwait(false);
            isStored = true;
        }
        catch (Exception failed) when (failed is StoreUnavailableException or ObjectDisposedException)
        {
            throw Faults.Unavailable($"the store cannot write: {failed.Message}");
        }
        finally
        {
            metrics.Persisted(OperationOf(transaction), Stopwatch.GetElapsedTime(started), failed: !isStored);
        }
    }

    private static string OperationOf(StoreTransaction transaction) => transaction switch
    {
        { Runs: [{ NewBatches: [{ FirstEventId: 1 }, ..] }, ..] } => "CreateWorkflowExecution",
        { Runs.Count: > 0 } => "UpdateWorkflowExecution",
        { DeletedRuns.Count: > 0 } => "DeleteWorkflowExecution",
        // Schedules and batch jobs are documents here; Temporal has workflows for them.
        _ => "SetWorkflowExecution",
    };

    private static RunWrite ToWrite(Execution execution, Decision decision, bool isNew)
    {
        HistoryBatch[] batches = [];
        if (decision.Events.Count > 0)
        {
            var history = new History();
            history.Events.AddRange(decision.Events);
            batches = [new HistoryBatch(decision.Events[0].EventId, decision.Events[^1].EventId, history.ToByteArray())];
        }
        var visibility = execution.VisibilityChanged;
        execution.VisibilityChanged = false;
        return new RunWrite
        {
            Key = new RunKey(execution.Namespace, execution.WorkflowId, execution.RunId),
            State = execution.ToState(),
            NewBatches = batches,
            Current = isNew || (visibility && !execution.IsRunning && !execution.HasFollower) ? execution.ToCurrentRun() : null,
            NextTimerAt = execution.NextTimerAt,
            HasReadyWork = execution.HasReadyWork,
            Visibility = visibility ? execution.ToVisibilityRow() : null,
        };
    }

    private void ReleaseAll(RunSlot slot, Execution execution, Decision decision)
    {
        foreach (var effect in decision.Effects)
        {
            Release(slot, effect);
        }
        if (decision.Events.Count > 0)
        {
            slot.PulseHistory();
        }
        ScheduleTimer(slot, execution);
        if (execution.Outbox.Count > 0)
        {
            PumpOutbox(slot);
        }
        locks.Observe(slot.Key, execution.HoldsTime);
    }

    private void Release(RunSlot slot, Effect effect)
    {
        switch (effect)
        {
            case WorkflowTaskReady ready:
                AddWorkflowTask(slot, ready);
                break;
            case ActivityReady ready:
                Enqueue(
                    new TaskQueueKey(slot.Key.Namespace, ready.TaskQueue, TaskQueueType.Activity),
                    new ActivityTaskEntry(slot.Key, ready.Activity) { Priority = ready.Priority, PinnedTo = slot.Execution!.PinnedTo });
                break;
            case QueryReady ready:
                AddQuery(slot, ready);
                break;
            case UpdateChanged update:
                slot.PulseUpdate(update.UpdateId);
                break;
            case UpdateRejected rejected:
                EndUpdate(slot, rejected.UpdateId, new UpdateEnd(new() { Failure = rejected.Failure }, null));
                break;
            case UpdateAborted aborted:
                EndUpdate(slot, aborted.UpdateId, new UpdateEnd(null, aborted.Fault));
                break;
            case QueryAnswered answered:
                if (slot.Queries.Remove(answered.QueryId, out var waiter))
                {
                    waiter.TrySetResult(new QueryAnswer(answered.Result?.Answer, answered.Fault));
                }
                break;
            case NextRun or ReplacedBy:
                break;
            default:
                throw new InvalidOperationException($"Bug: effect {effect.GetType().Name} has no release");
        }
    }

    private static void EndUpdate(RunSlot slot, string updateId, UpdateEnd end)
    {
        if (slot.UpdateEnds.Remove(updateId, out var waiter))
        {
            waiter.TrySetResult(end);
        }
        slot.PulseUpdate(updateId);
    }

    private readonly record struct Follower(RunSlot Slot, Execution Execution, Decision Decision);

    private sealed class WorkflowLock
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public int Users { get; set; }

        public bool Removed { get; set; }
    }

    private sealed class HeldLock(ServerEngine engine, (string Namespace, string WorkflowId) key, WorkflowLock entry) : IDisposable
    {
        public void Dispose()
        {
            entry.Gate.Release();
            Forget();
        }

        public void Forget()
        {
            lock (entry)
            {
                if (--entry.Users == 0)
                {
                    entry.Removed = true;
                    engine.workflowLocks.TryRemove(key, out _);
                }
            }
        }
    }
}
