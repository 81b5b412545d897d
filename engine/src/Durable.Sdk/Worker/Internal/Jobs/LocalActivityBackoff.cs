namespace Temporalio.Worker.Internal.Jobs;

/// <summary>A local activity waits longer than a workflow task should; a timer takes over.</summary>
/// <param name="Attempt">The next one.</param>
internal sealed record LocalActivityBackoff(int Attempt, TimeSpan Delay, DateTime? OriginalScheduleTime);
