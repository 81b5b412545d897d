namespace Temporalio.Worker.Tuning;

/// <summary>A slot that is free again.</summary>
/// <param name="SlotInfo">Null: it was never used.</param>
public record SlotReleaseContext(SlotInfo? SlotInfo, SlotPermit Permit);
