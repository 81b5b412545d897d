namespace Temporalio.Worker.Tuning;

/// <summary>A fixed number of slots.</summary>
public sealed class FixedSizeSlotSupplier : SlotSupplier
{
    public FixedSizeSlotSupplier(int slotCount) => SlotCount = slotCount;

    public int SlotCount { get; }
}
