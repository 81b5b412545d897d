using Temporalio.Api.Schedule.V1;
using Temporalio.Common;
using Temporalio.Converters;

namespace Temporalio.Client.Schedules;

/// <summary>A schedule in a list: less than its description, and a little behind it.</summary>
public class ScheduleListDescription
{
    private readonly Lazy<IReadOnlyDictionary<string, IEncodedRawValue>> memo;
    private readonly Lazy<SearchAttributeCollection> searchAttributes;

    protected internal ScheduleListDescription(ScheduleListEntry rawEntry, DataConverter dataConverter)
    {
        RawEntry = rawEntry;
        if (rawEntry.Info is { } info)
        {
            Schedule = ScheduleProtos.ListSchedule(info);
            Info = new(ScheduleProtos.Results(info.RecentActions), ScheduleProtos.Times(info.FutureActionTimes));
        }
        memo = new(() => EncodedRawValue.Of(rawEntry.Memo, dataConverter));
        searchAttributes = new(() => Worker.Internal.Language.Protos.SearchAttributes(rawEntry.SearchAttributes));
    }

    public string Id => RawEntry.ScheduleId;

    /// <summary>Null for a schedule that was only just created.</summary>
    public ScheduleListInfo? Info { get; }

    public IReadOnlyDictionary<string, IEncodedRawValue> Memo => memo.Value;

    /// <summary>Null for a schedule that was only just created.</summary>
    public ScheduleListSchedule? Schedule { get; }

    public SearchAttributeCollection TypedSearchAttributes => searchAttributes.Value;

    internal ScheduleListEntry RawEntry { get; }
}
