namespace Temporalio.Worker.Tuning;

/// <summary>Limits of a <see cref="ResourceBasedSlotSupplier"/>.</summary>
/// <param name="MinimumSlots">Given whatever the load; null: 5 for workflow tasks, 1 for others.</param>
/// <param name="MaximumSlots">Null: 500 for workflow tasks, 10 000 for others.</param>
/// <param name="RampThrottle">Pause between two slots above the minimum; null: none for workflow tasks, 50 ms for others.</param>
public sealed record ResourceBasedSlotSupplierOptions(
    int? MinimumSlots = null,
    int? MaximumSlots = null,
    TimeSpan? RampThrottle = null);
