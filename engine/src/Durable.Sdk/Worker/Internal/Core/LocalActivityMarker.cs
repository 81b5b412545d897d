namespace Temporalio.Worker.Internal.Core;

/// <summary>A recorded local activity.</summary>
/// <param name="Activation">How many activations its workflow task had before the one that saw the result; null: an older SDK wrote the marker.</param>
internal sealed record LocalActivityMarker(uint Seq, string ActivityId, string ActivityType, LocalActivityOutcome Outcome, int? Activation);
