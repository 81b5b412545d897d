namespace Temporalio.Worker.Internal.Core;

/// <summary>A recorded local activity.</summary>
internal sealed record LocalActivityMarker(uint Seq, string ActivityId, string ActivityType, LocalActivityOutcome Outcome);
