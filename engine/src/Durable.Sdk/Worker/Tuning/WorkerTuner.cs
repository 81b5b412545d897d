namespace Temporalio.Worker.Tuning;

/// <summary>The slot suppliers of a worker.</summary>
public class WorkerTuner : IWorkerTuner
{
    public WorkerTuner(
        SlotSupplier workflowTaskSlotSupplier,
        SlotSupplier activityTaskSlotSupplier,
        SlotSupplier localActivitySlotSupplier,
        SlotSupplier nexusTaskSlotSupplier)
    {
        WorkflowTaskSlotSupplier = workflowTaskSlotSupplier;
        ActivityTaskSlotSupplier = activityTaskSlotSupplier;
        LocalActivitySlotSupplier = localActivitySlotSupplier;
        NexusTaskSlotSupplier = nexusTaskSlotSupplier;
    }

    public SlotSupplier WorkflowTaskSlotSupplier { get; init; }

    public SlotSupplier ActivityTaskSlotSupplier { get; init; }

    public SlotSupplier LocalActivitySlotSupplier { get; init; }

    /// <summary>Kept for the signature; there are no Nexus tasks.</summary>
    public SlotSupplier NexusTaskSlotSupplier { get; init; }

    public static WorkerTuner CreateFixedSize(int workflowTaskSlots, int activityTaskSlots, int localActivitySlots, int nexusTaskSlots = 100) =>
        new(
            new FixedSizeSlotSupplier(workflowTaskSlots),
            new FixedSizeSlotSupplier(activityTaskSlots),
            new FixedSizeSlotSupplier(localActivitySlots),
            new FixedSizeSlotSupplier(nexusTaskSlots));

    public static WorkerTuner CreateResourceBased(
        double targetMemoryUsage,
        double targetCpuUsage,
        ResourceBasedSlotSupplierOptions? workflowOptions = null,
        ResourceBasedSlotSupplierOptions? activityOptions = null,
        ResourceBasedSlotSupplierOptions? localActivityOptions = null,
        ResourceBasedSlotSupplierOptions? nexusOptions = null)
    {
        var targets = new ResourceBasedTunerOptions(targetMemoryUsage, targetCpuUsage);
        return new(
            new ResourceBasedSlotSupplier(workflowOptions ?? new(), targets),
            new ResourceBasedSlotSupplier(activityOptions ?? new(), targets),
            new ResourceBasedSlotSupplier(localActivityOptions ?? new(), targets),
            new ResourceBasedSlotSupplier(nexusOptions ?? new(), targets));
    }
}
