using Temporalio.Common;

namespace Temporalio.Client.Schedules;

/// <summary>What a schedule is to become.</summary>
/// <param name="TypedSearchAttributes">Null: as they are.</param>
public record ScheduleUpdate(Schedule Schedule, SearchAttributeCollection? TypedSearchAttributes = null);
