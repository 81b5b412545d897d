namespace Temporalio.Worker.Tuning;

/// <summary>Who wants a slot.</summary>
/// <param name="IsSticky">For a poll of the sticky queue.</param>
public record SlotReserveContext(SlotType SlotType, string TaskQueue, string WorkerIdentity, string WorkerBuildId, bool IsSticky);
