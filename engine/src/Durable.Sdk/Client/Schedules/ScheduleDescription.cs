using Temporalio.Api.WorkflowService.V1;
using Temporalio.Common;
using Temporalio.Converters;

namespace Temporalio.Client.Schedules;

/// <summary>A schedule as the server describes it.</summary>
public class ScheduleDescription
{
    private readonly Lazy<IReadOnlyDictionary<string, IEncodedRawValue>> memo;
    private readonly Lazy<SearchAttributeCollection> searchAttributes;

    protected internal ScheduleDescription(string id, Schedule schedule, DescribeScheduleResponse rawDescription, DataConverter dataConverter)
    {
        Id = id;
        Schedule = schedule;
        RawDescription = rawDescription;
        Info = ScheduleProtos.Info(rawDescription.Info);
        memo = new(() => EncodedRawValue.Of(rawDescription.Memo, dataConverter));
        searchAttributes = new(() => Worker.Internal.Language.Protos.SearchAttributes(rawDescription.SearchAttributes));
    }

    public string Id { get; }

    public ScheduleInfo Info { get; }

    public IReadOnlyDictionary<string, IEncodedRawValue> Memo => memo.Value;

    public Schedule Schedule { get; }

    public SearchAttributeCollection TypedSearchAttributes => searchAttributes.Value;

    internal DescribeScheduleResponse RawDescription { get; }
}
