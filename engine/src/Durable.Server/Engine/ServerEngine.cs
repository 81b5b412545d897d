using System.Collections.Concurrent;
using System.Diagnostics;
using Durable.Server.Executions;
using Durable.Server.Matching;
using Durable.Server.Storage;
using Durable.Server.Time;
using Google.Protobuf;
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
    private readonly IServerStore store;
    private readonly RunContext context;
    private readonly TaskMatcher matcher;
    private readonly TimeProvider clock;
    private readonly ITimeSkippingLocks locks;
    private readonly ServerMetrics metrics;
    private readonly int maximumLoadedRuns;
    private readonly Dictionary<RunKey, RunSlot> slots = [];
    private readonly LinkedList<RunSlot> coldest = new();
    private readonly Lock slotsGate = new();
    private readonly ConcurrentDictionary<(string Namespace, string WorkflowId), WorkflowLock> workflowLocks = new();
    private readonly CancellationTokenSource stopping = new();

    public ServerEngine(
        IServerStore store, RunContext context, TaskMatcher matcher, TimeProvider clock, ITimeSkippingLocks locks, ServerMetrics metrics, int maximumLoadedRuns)
    {
        this.store = store;
        this.context = context;
        this.matcher = matcher;
        this.clock = clock;
        this.locks = locks;
        this.metrics = metrics;
        this.maximumLoadedRuns = maximumLoadedRuns;
        window = locks.JumpsToTimers ? TimeSpan.FromDays(36_500) : TimeSpan.FromMinutes(2);
        timers = new TimerQueue<RunKey>(clock, FireTimersAsync);
    }

    public DateTimeOffset Now => clock.GetUtcNow();

    public RunContext Context => context;

    public CancellationToken Stopping => stopping.Token;

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        timers.Dispose();
        stopping.Dispose();
    }

    /// <summary>Runs one command on a run: under its gate, then the commit, then the effects, then the result.</summary>
    /// <exception cref="Durable.Protocol.RpcFaultException">NOT_FOUND: no such run; or what the command threw.</exception>
    public async Task<T> WithRunAsync<T>(RunKey key, Func<Execution, DateTimeOffset, T> command, CancellationToken cancellationToken = default)
    {
        var slot = Rent(key);
        try
        {
            await slot.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                var execution = await LoadAsync(slot).ConfigureAwait(false) ?? throw Faults.WorkflowNotFound(key.WorkflowId, key.RunId);
                var now = Now;
                var result = Guarded(slot, () => command(execution, now));
                await CommitAsync(slot, execution, now).ConfigureAwait(false);
                return result;
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
                T result;
                try
                {
                    result = await command(slot, execution, now).ConfigureAwait(false);
                }
                catch (Exception unexpected) when (unexpected is not Durable.Protocol.RpcFaultException)
                {
                    slot.Execution = null;
                    throw;
                }
                await CommitAsync(slot, execution, now).ConfigureAwait(false);
                return result;
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

    private static T Guarded<T>(RunSlot slot, Func<T> command)
    {
        try
        {
            return command();
        }
        catch (Exception unexpected) when (unexpected is not Durable.Protocol.RpcFaultException)
        {
            slot.Execution = null;
            throw;
        }
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
            for (var node = coldest.First; slots.Count > maximumLoadedRuns && node is not null;)
            {
                var next = node.Next;
                // A run with work in the queues stays: the queue entries name what only this object knows.
                if (node.Value.Execution?.HasVolatileWork != true)
                {
                    coldest.Remove(node);
                    slots.Remove(node.Value.Key);
                }
                node = next;
            }
        }
    }

    private async ValueTask<Execution?> LoadAsync(RunSlot slot)
    {
        if (slot.Execution is { } loaded)
        {
            return loaded;
        }
        var stored = await store.FindRunAsync(slot.Key).ConfigureAwait(false);
        if (stored is null)
        {
            return null;
        }
        var execution = Execution.Restore(RunState.Parser.ParseFrom(stored.State), context);
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
        return execution;
    }

    /// <summary>Stores what the run decided, with the run that follows it, and lets the effects out.</summary>
    private async Task CommitAsync(RunSlot slot, Execution execution, DateTimeOffset now, bool isNew = false)
    {
        var decision = execution.TakeDecision(now);
        List<(ReservedPoller Poller, IMessage Task)>? handouts = null;
        if (decision.Effects.Count > 0)
        {
            (decision, handouts) = await HandOutAsync(slot, execution, decision, now).ConfigureAwait(false);
        }
        if (decision.Changed)
        {
            var transaction = new StoreTransaction();
            transaction.Runs.Add(ToWrite(execution, decision, isNew));
            List<(RunSlot Slot, Execution Execution, Decision Decision)>? followers = null;
            foreach (var effect in decision.Effects)
            {
                var follower = effect switch
                {
                    NextRun next => Execution.Start(next.Start, context, now),
                    ReplacedBy replaced => replaced.Run,
                    _ => null,
                };
                if (follower is not null)
                {
                    var followerDecision = follower.TakeDecision(now);
                    transaction.Runs.Add(ToWrite(follower, followerDecision, isNew: true));
                    var followerSlot = Rent(new RunKey(follower.Namespace, follower.WorkflowId, follower.RunId));
                    (followers ??= []).Add((followerSlot, follower, followerDecision));
                }
            }
            try
            {
                await StoreAsync(transaction).ConfigureAwait(false);
            }
            catch
            {
                // What is in memory is ahead of what is stored: forget it.
                slot.Execution = null;
                if (handouts is not null)
                {
                    foreach (var (poller, _) in handouts)
                    {
                        matcher.Return(poller);
                    }
                }
                foreach (var (followerSlot, _, _) in followers ?? [])
                {
                    GiveBack(followerSlot);
                }
                throw;
            }
            foreach (var (followerSlot, follower, followerDecision) in followers ?? [])
            {
                followerSlot.Execution = follower;
                ReleaseAll(followerSlot, follower, followerDecision);
                GiveBack(followerSlot);
            }
        }
        if (handouts is not null)
        {
            foreach (var (poller, task) in handouts)
            {
                // A poller that left in this moment loses its task to the start-to-close timeout, as on the genuine server.
                poller.Give(task);
            }
        }
        ReleaseAll(slot, execution, decision);
    }

    /// <exception cref="Durable.Protocol.RpcFaultException">UNAVAILABLE: nothing of it is stored.</exception>
    public async Task StoreAsync(StoreTransaction transaction)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            await store.CommitAsync(transaction).ConfigureAwait(false);
        }
        catch (StoreUnavailableException failed)
        {
            throw Faults.Unavailable($"the store cannot write: {failed.Message}");
        }
        finally
        {
            metrics.Persisted(Stopwatch.GetElapsedTime(started));
        }
    }

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
                AddWorkflowTask(slot.Key, ready);
                break;
            case ActivityReady ready:
                matcher.Add(
                    new TaskQueueKey(slot.Key.Namespace, ready.TaskQueue, TaskQueueType.Activity),
                    new ActivityTaskEntry(slot.Key, ready.ScheduledEventId, ready.Attempt));
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
