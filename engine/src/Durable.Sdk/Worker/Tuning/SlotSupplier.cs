namespace Temporalio.Worker.Tuning;

/// <summary>Decides how many tasks of one kind run at once. Derive from <see cref="CustomSlotSupplier"/>.</summary>
public abstract class SlotSupplier
{
    private protected SlotSupplier()
    {
    }
}
