using Temporalio.Worker.Internal.Core;

namespace Temporalio.Worker.Internal.Runs;

/// <summary>A local activity that has ended and of which the run has not been told.</summary>
internal readonly record struct EndedLocalActivity(uint Seq, LocalActivityOutcome Outcome, TimeSpan Runtime);
