using Temporalio.Api.Enums.V1;

namespace Temporalio.Client.Schedules;

/// <summary>A time in the past whose actions are to be taken now. Times must be UTC.</summary>
/// <param name="Overlap">Unspecified: as the schedule says.</param>
public record ScheduleBackfill(DateTime StartAt, DateTime EndAt, ScheduleOverlapPolicy Overlap = ScheduleOverlapPolicy.Unspecified);
