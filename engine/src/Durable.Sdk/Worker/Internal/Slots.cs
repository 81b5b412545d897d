using Microsoft.Extensions.Logging;
using Temporalio.Worker.Internal.Runs;
using Temporalio.Worker.Tuning;

namespace Temporalio.Worker.Internal;

/// <summary>A slot supplier in use: reserves before a poll, releases after the task.</summary>
internal abstract class Slots(SlotType type, WorkerIdentity identity)
{
    private readonly string workerType = type switch
    {
        SlotType.Workflow => "WorkflowWorker",
        SlotType.Activity => "ActivityWorker",
        _ => "LocalActivityWorker",
    };

    private int inUse;

    protected SlotType Type => type;

    protected WorkerIdentity Identity => identity;

    /// <summary>Null: not a fixed number.</summary>
    protected virtual int? Capacity => null;

    public static Slots Of(SlotSupplier supplier, SlotType type, WorkerIdentity identity, ILogger logger)
    {
        Slots slots = supplier switch
        {
            FixedSizeSlotSupplier fixedSize => new FixedSlots(fixedSize.SlotCount, type, identity),
            ResourceBasedSlotSupplier resourceBased => new ResourceSlots(resourceBased, type, identity),
            CustomSlotSupplier custom => new CustomSlots(custom, type, identity, logger),
            _ => throw new ArgumentException($"Unknown slot supplier {supplier.GetType()}"),
        };
        // A worker that has done nothing yet has slots too.
        slots.Report(0);
        return slots;
    }

    public abstract ValueTask<SlotPermit> ReserveAsync(bool sticky, CancellationToken cancellationToken);

    public abstract SlotPermit? TryReserve();

    /// <summary>A task has come for the slot.</summary>
    public void MarkUsed(SlotPermit permit, SlotInfo info)
    {
        Report(Interlocked.Increment(ref inUse));
        OnUsed(permit, info);
    }

    /// <param name="info">Null: it was never used.</param>
    public void Release(SlotPermit permit, SlotInfo? info)
    {
        if (info is not null)
        {
            Report(Interlocked.Decrement(ref inUse));
        }
        OnReleased(permit, info);
    }

    protected virtual void OnUsed(SlotPermit permit, SlotInfo info)
    {
    }

    protected abstract void OnReleased(SlotPermit permit, SlotInfo? info);

    private void Report(int used) => identity.Metrics.Slots(workerType, used, Capacity - used);

    private sealed class FixedSlots(int count, SlotType type, WorkerIdentity identity) : Slots(type, identity)
    {
        private static readonly SlotPermit Permit = new();
        private readonly SemaphoreSlim free = new(count);

        protected override int? Capacity => count;

        public override async ValueTask<SlotPermit> ReserveAsync(bool sticky, CancellationToken cancellationToken)
        {
            await free.WaitAsync(cancellationToken).ConfigureAwait(false);
            return Permit;
        }

        public override SlotPermit? TryReserve() => free.Wait(0) ? Permit : null;

        protected override void OnReleased(SlotPermit permit, SlotInfo? info) => free.Release();
    }

    // The application's code: what it throws is logged, and must cost neither a poll nor the task that the slot is for.
    private sealed class CustomSlots(CustomSlotSupplier supplier, SlotType type, WorkerIdentity identity, ILogger logger) : Slots(type, identity)
    {
        private static readonly TimeSpan PauseAfterError = TimeSpan.FromSeconds(1);

        public override async ValueTask<SlotPermit> ReserveAsync(bool sticky, CancellationToken cancellationToken)
        {
            while (true)
            {
                try
                {
                    return await supplier.ReserveSlotAsync(Context(sticky), cancellationToken).ConfigureAwait(false);
                }
                catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
                {
                    WorkerLog.SlotSupplierFailed(logger, e, "reserving");
                }
                await Task.Delay(PauseAfterError, cancellationToken).ConfigureAwait(false);
            }
        }

        public override SlotPermit? TryReserve()
        {
            try
            {
                return supplier.TryReserveSlot(Context(false));
            }
            catch (Exception e)
            {
                WorkerLog.SlotSupplierFailed(logger, e, "trying to reserve");
                return null;
            }
        }

        protected override void OnUsed(SlotPermit permit, SlotInfo info)
        {
            try
            {
                supplier.MarkSlotUsed(new(info, permit));
            }
            catch (Exception e)
            {
                WorkerLog.SlotSupplierFailed(logger, e, "marking used");
            }
        }

        protected override void OnReleased(SlotPermit permit, SlotInfo? info)
        {
            try
            {
                supplier.ReleaseSlot(new(info, permit));
            }
            catch (Exception e)
            {
                WorkerLog.SlotSupplierFailed(logger, e, "releasing");
            }
        }

        private SlotReserveContext Context(bool sticky) =>
            new(Type, Identity.TaskQueue, Identity.Identity, Identity.BuildId, sticky);
    }

    private sealed class ResourceSlots : Slots
    {
        // A look at the machine is cheap but not free, and load does not change faster.
        private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

        private readonly SlotPermit permit = new();
        private readonly ResourceBasedTunerOptions targets;
        private readonly int minimum;
        private readonly SemaphoreSlim maximum;
        private int used;

        public ResourceSlots(ResourceBasedSlotSupplier supplier, SlotType type, WorkerIdentity identity)
            : base(type, identity)
        {
            targets = supplier.TunerOptions;
            minimum = supplier.Options.MinimumSlots ?? (type == SlotType.Workflow ? 5 : 1);
            maximum = new SemaphoreSlim(supplier.Options.MaximumSlots ?? (type == SlotType.Workflow ? 500 : 10_000));
        }

        public override async ValueTask<SlotPermit> ReserveAsync(bool sticky, CancellationToken cancellationToken)
        {
            await maximum.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                while (!MayTake())
                {
                    await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException)
            {
                maximum.Release();
                throw;
            }
            Interlocked.Increment(ref used);
            return permit;
        }

        public override SlotPermit? TryReserve()
        {
            if (!maximum.Wait(0))
            {
                return null;
            }
            if (!MayTake())
            {
                maximum.Release();
                return null;
            }
            Interlocked.Increment(ref used);
            return permit;
        }

        protected override void OnReleased(SlotPermit permit, SlotInfo? info)
        {
            Interlocked.Decrement(ref used);
            maximum.Release();
        }

        private bool MayTake()
        {
            if (Volatile.Read(ref used) < minimum)
            {
                return true;
            }
            var memory = GC.GetGCMemoryInfo();
            return (double)memory.MemoryLoadBytes / Math.Max(1, memory.TotalAvailableMemoryBytes) < targets.TargetMemoryUsage &&
                (double)ThreadPool.PendingWorkItemCount / Environment.ProcessorCount < Math.Max(1, 16 * targets.TargetCpuUsage);
        }
    }
}
