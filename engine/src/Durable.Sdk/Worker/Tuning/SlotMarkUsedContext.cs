namespace Temporalio.Worker.Tuning;

/// <summary>A reserved slot that has got a task.</summary>
public record SlotMarkUsedContext(SlotInfo SlotInfo, SlotPermit Permit);
