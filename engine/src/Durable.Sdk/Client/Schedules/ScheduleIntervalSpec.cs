namespace Temporalio.Client.Schedules;

/// <summary>Matches the times since the Unix epoch that are a multiple of <paramref name="Every"/>, plus <paramref name="Offset"/>.</summary>
/// <param name="Offset">Default 0; less than <paramref name="Every"/>.</param>
public record ScheduleIntervalSpec(TimeSpan Every, TimeSpan? Offset = null);
