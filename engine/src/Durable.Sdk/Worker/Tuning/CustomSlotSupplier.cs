namespace Temporalio.Worker.Tuning;

/// <summary>A slot supplier of your own. Called from several threads at once.</summary>
public abstract class CustomSlotSupplier : SlotSupplier
{
    protected CustomSlotSupplier()
    {
    }

    /// <summary>Waits for a slot, before a poll.</summary>
    public abstract Task<SlotPermit> ReserveSlotAsync(SlotReserveContext ctx, CancellationToken cancellationToken);

    /// <summary>A slot without waiting, for eager tasks; null: none free.</summary>
    public abstract SlotPermit? TryReserveSlot(SlotReserveContext ctx);

    /// <summary>A task has come for the slot.</summary>
    public abstract void MarkSlotUsed(SlotMarkUsedContext ctx);

    /// <summary>The slot is free again, used or not.</summary>
    public abstract void ReleaseSlot(SlotReleaseContext ctx);
}
