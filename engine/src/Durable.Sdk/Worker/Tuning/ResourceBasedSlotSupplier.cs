namespace Temporalio.Worker.Tuning;

/// <summary>Slots while the process uses less memory and CPU than a target.</summary>
public sealed class ResourceBasedSlotSupplier : SlotSupplier
{
    public ResourceBasedSlotSupplier(ResourceBasedSlotSupplierOptions options, ResourceBasedTunerOptions tunerOptions)
    {
        Options = options;
        TunerOptions = tunerOptions;
    }

    public ResourceBasedSlotSupplierOptions Options { get; }

    public ResourceBasedTunerOptions TunerOptions { get; }
}
