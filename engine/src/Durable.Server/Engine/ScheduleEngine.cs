using Durable.Protocol;
using Durable.Server.Executions;
using Durable.Server.Schedules;
using Durable.Server.Storage;
using Durable.Server.Time;
using Microsoft.Extensions.Logging;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Engine;

/// <summary>
/// The shell of the schedules: one command at a time for each, stored before anyone is told; then what it wants done in the world, one
/// step after the other, each stored before the next. Those that are due are found by the store's index, the near ones wait in memory.
/// </summary>
internal sealed class ScheduleEngine : IDisposable
{
    private const string Kind = "schedule";
    private const int DueAtOnce = 10_000;
    private const int ReadAtOnce = 1000;

    private static readonly TimeSpan Sweep = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly IServerStore store;
    private readonly ServerEngine runs;
    private readonly Func<StartWorkflowExecutionRequest, string, Task<StartOutcome>> start;
    private readonly TimeProvider clock;
    private readonly ITimeSkippingLocks locks;
    private readonly ILogger logger;
    private readonly TimerQueue<ScheduleKey> timers;
    private readonly Dictionary<ScheduleKey, Gate> gates = [];
    private readonly TimeSpan window;
    private ITimer? sweeper;

    public ScheduleEngine(
        IServerStore store, ServerEngine runs, Func<StartWorkflowExecutionRequest, string, Task<StartOutcome>> start, TimeProvider clock, ITimeSkippingLocks locks, ILogger logger)
    {
        this.store = store;
        this.runs = runs;
        this.start = start;
        this.clock = clock;
        this.locks = locks;
        this.logger = logger;
        // On a clock that jumps to the next timer, it has to know them all.
        window = locks.JumpsToTimers ? TimeSpan.FromDays(36_500) : 2 * Sweep;
        timers = new TimerQueue<ScheduleKey>(clock, Fire);
        runs.ScheduledChainClosed = ClosedAsync;
    }

    public DateTimeOffset Now => clock.GetUtcNow();

    public async Task RecoverAsync()
    {
        await SweepAsync().ConfigureAwait(false);
        sweeper = clock.CreateTimer(_ => runs.InBackground(SweepAsync), null, Sweep, Sweep);
    }

    public void Dispose()
    {
        sweeper?.Dispose();
        timers.Dispose();
    }

    /// <returns>The new schedule, or the one that this request made before.</returns>
    /// <exception cref="RpcFaultException">ALREADY_EXISTS: another request made it.</exception>
    public Task<Scheduler> CreateAsync(CreateScheduleRequest request) =>
        WithGateAsync(new ScheduleKey(request.Namespace, request.ScheduleId), async key =>
        {
            if (await FindAsync(key).ConfigureAwait(false) is { } existing)
            {
                return existing.CreateRequestId == request.RequestId ? existing : throw AlreadyExists(existing);
            }
            var created = Scheduler.Create(request, runs.Context, Now);
            await CommitAndWorkAsync(key, created).ConfigureAwait(false);
            return created;
        });

    /// <summary>Runs one command on a schedule, then the commit, then what it wants done.</summary>
    /// <exception cref="RpcFaultException">NOT_FOUND: no such schedule; or what the command threw.</exception>
    public Task ChangeAsync(ScheduleKey key, Action<Scheduler, DateTimeOffset> command) => WithGateAsync(key, async key =>
    {
        var scheduler = await FindAsync(key).ConfigureAwait(false) ?? throw NotFound();
        command(scheduler, Now);
        await CommitAndWorkAsync(key, scheduler).ConfigureAwait(false);
        return true;
    });

    /// <summary>Its state as stored, to look at.</summary>
    /// <exception cref="RpcFaultException">NOT_FOUND.</exception>
    public async Task<Scheduler> GetAsync(ScheduleKey key) => await FindAsync(key).ConfigureAwait(false) ?? throw NotFound();

    /// <summary>What it started goes on.</summary>
    /// <exception cref="RpcFaultException">NOT_FOUND: the genuine server words it as for the workflow that a schedule is there.</exception>
    public Task DeleteAsync(ScheduleKey key) => WithGateAsync(key, async key =>
    {
        _ = await FindAsync(key).ConfigureAwait(false) ?? throw Faults.WorkflowClosed();
        var transaction = new StoreTransaction();
        transaction.Documents.Add(new DocumentWrite(ToDocument(key), null));
        await runs.StoreAsync(transaction).ConfigureAwait(false);
        return true;
    });

    /// <summary>The schedules of a namespace by id, behind <paramref name="afterId"/>.</summary>
    public async IAsyncEnumerable<Scheduler> ListAsync(string namespaceName, string? afterId)
    {
        while (true)
        {
            var documents = await store.ReadDocumentsAsync(Kind, namespaceName, afterId, ReadAtOnce).ConfigureAwait(false);
            foreach (var (_, stored) in documents)
            {
                yield return Scheduler.Restore(stored, runs.Context);
            }
            if (documents.Count < ReadAtOnce)
            {
                yield break;
            }
            afterId = documents[^1].Key.Id;
        }
    }

    private async Task SweepAsync()
    {
        foreach (var due in await store.ReadDueDocumentsAsync(Kind, Now + window, DueAtOnce).ConfigureAwait(false))
        {
            timers.Add(new ScheduleKey(due.Key.Namespace, due.Key.Id), due.At);
        }
    }

    private void Fire(ScheduleKey key)
    {
        // Time must not go on to the next timer before this one has been dealt with.
        locks.BeginWork();
        runs.InBackground(async () =>
        {
            try
            {
                await AdvanceAsync(key).ConfigureAwait(false);
            }
            catch (Exception failed) when (failed is not OperationCanceledException)
            {
                logger.LogError(failed, "Schedule {ScheduleId} of {Namespace} could not go on", key.ScheduleId, key.Namespace);
                timers.Set(key, Now + RetryDelay);
            }
            finally
            {
                locks.EndWork();
            }
        });
    }

    private Task AdvanceAsync(ScheduleKey key) => WithGateAsync(key, async key =>
    {
        if (await FindAsync(key).ConfigureAwait(false) is not { } scheduler)
        {
            return false;
        }
        if (scheduler.NextDueAt > Now)
        {
            // A sweep had read an older time.
            SetTimer(key, scheduler);
            return false;
        }
        if (scheduler.NextDueAt is not null)
        {
            await ForgetGoneAsync(scheduler).ConfigureAwait(false);
            scheduler.Advance(Now);
            await CommitAndWorkAsync(key, scheduler).ConfigureAwait(false);
        }
        return true;
    });

    /// <summary>A workflow that was deleted can tell nobody that it has ended.</summary>
    private async Task ForgetGoneAsync(Scheduler scheduler)
    {
        foreach (var running in scheduler.Running.ToArray())
        {
            var current = await store.FindCurrentRunAsync(scheduler.Namespace, running.WorkflowId).ConfigureAwait(false);
            if (current?.FirstExecutionRunId != running.RunId)
            {
                scheduler.Closed(running.RunId, null, Now);
            }
        }
    }

    private Task ClosedAsync(ScheduleKey key, string firstRunId, HistoryEvent close) => WithGateAsync(key, async key =>
    {
        if (await FindAsync(key).ConfigureAwait(false) is { } scheduler)
        {
            scheduler.Closed(firstRunId, close, Now);
            await CommitAndWorkAsync(key, scheduler).ConfigureAwait(false);
        }
        return true;
    });

    private async Task CommitAndWorkAsync(ScheduleKey key, Scheduler scheduler)
    {
        await CommitAsync(key, scheduler).ConfigureAwait(false);
        while (scheduler.NextStep is { } step)
        {
            await DoAsync(scheduler, step).ConfigureAwait(false);
            await CommitAsync(key, scheduler).ConfigureAwait(false);
        }
    }

    private async Task CommitAsync(ScheduleKey key, Scheduler scheduler)
    {
        var transaction = new StoreTransaction();
        transaction.Documents.Add(new DocumentWrite(ToDocument(key), scheduler.ToState(), scheduler.NextDueAt));
        await runs.StoreAsync(transaction).ConfigureAwait(false);
        if (scheduler.NextStep is null)
        {
            SetTimer(key, scheduler);
        }
    }

    private void SetTimer(ScheduleKey key, Scheduler scheduler)
    {
        if (scheduler.NextDueAt is { } at && at <= Now + window)
        {
            timers.Set(key, at);
        }
    }

    private async Task DoAsync(Scheduler scheduler, ScheduleStep step)
    {
        if (step is StartStep action)
        {
            try
            {
                var started = await start(action.Request, scheduler.ScheduleId).ConfigureAwait(false);
                scheduler.Started(action.RequestId, started.RunId, Now);
            }
            catch (RpcFaultException refused) when (refused.Code is not (RpcStatusCode.Unavailable or RpcStatusCode.ResourceExhausted))
            {
                logger.LogWarning("Schedule {ScheduleId} of {Namespace} could not start a workflow: {Reason}", scheduler.ScheduleId, scheduler.Namespace, refused.Message);
                scheduler.StartFailed(action.RequestId);
            }
        }
        else if (step is EndStep end)
        {
            await EndAsync(scheduler, end).ConfigureAwait(false);
            scheduler.EndDelivered(end.Execution.RunId);
        }
    }

    private async Task EndAsync(Scheduler scheduler, EndStep end)
    {
        try
        {
            // The chain may have gone on to another run.
            var key = await runs.ResolveAsync(scheduler.Namespace, end.Execution.WorkflowId, "").ConfigureAwait(false);
            await runs.WithRunAsync(key, (run, now) =>
            {
                if (run.FirstRunId != end.Execution.RunId || !run.IsRunning)
                {
                    return false;
                }
                if (end.Terminate)
                {
                    run.Terminate("terminated by schedule overlap policy", null, scheduler.Identity, now);
                }
                else
                {
                    run.RequestCancel("cancelled by schedule overlap policy", scheduler.Identity, runs.Context.Ids.NewUuid(), now);
                }
                return true;
            }).ConfigureAwait(false);
        }
        catch (RpcFaultException gone) when (gone.Code == RpcStatusCode.NotFound)
        {
            // Then there is nothing to end.
        }
    }

    private async ValueTask<Scheduler?> FindAsync(ScheduleKey key) =>
        await store.FindDocumentAsync(ToDocument(key)).ConfigureAwait(false) is { } stored ? Scheduler.Restore(stored, runs.Context) : null;

    private static DocumentKey ToDocument(ScheduleKey key) => new(Kind, key.Namespace, key.ScheduleId);

    private static RpcFaultException NotFound() => Faults.NotFound("schedule not found");

    private static RpcFaultException AlreadyExists(Scheduler existing) => new(
        RpcStatusCode.AlreadyExists,
        $"schedule \"{existing.ScheduleId}\" is already registered",
        new WorkflowExecutionAlreadyStartedFailure { StartRequestId = existing.CreateRequestId });

    private async Task<T> WithGateAsync<T>(ScheduleKey key, Func<ScheduleKey, Task<T>> command)
    {
        Gate? gate;
        lock (gates)
        {
            if (!gates.TryGetValue(key, out gate))
            {
                gates.Add(key, gate = new Gate());
            }
            gate.Users++;
        }
        try
        {
            await gate.Semaphore.WaitAsync(runs.Stopping).ConfigureAwait(false);
            try
            {
                return await command(key).ConfigureAwait(false);
            }
            finally
            {
                gate.Semaphore.Release();
            }
        }
        finally
        {
            lock (gates)
            {
                if (--gate.Users == 0)
                {
                    gates.Remove(key);
                }
            }
        }
    }

    private sealed class Gate
    {
        public SemaphoreSlim Semaphore { get; } = new(1, 1);

        public int Users { get; set; }
    }
}
