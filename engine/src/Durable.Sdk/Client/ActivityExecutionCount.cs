using Temporalio.Api.WorkflowService.V1;
using Temporalio.Converters;

namespace Temporalio.Client;

/// <summary>How many activities a query selects, by group when it asks for groups.</summary>
public class ActivityExecutionCount
{
    protected internal ActivityExecutionCount(CountActivityExecutionsResponse raw)
    {
        Count = raw.Count;
        Groups = [.. raw.Groups.Select(static group => new AggregationGroup(group))];
    }

    public long Count { get; }

    public IReadOnlyCollection<AggregationGroup> Groups { get; }

    /// <summary>One group and its values.</summary>
    public class AggregationGroup
    {
        protected internal AggregationGroup(CountActivityExecutionsResponse.Types.AggregationGroup raw)
        {
            Count = raw.Count;
            GroupValues = [.. raw.GroupValues.Select(static value => (object)DataConverter.Default.PayloadConverter.ToValue<string>(value))];
        }

        public long Count { get; }

        public IReadOnlyCollection<object> GroupValues { get; }
    }
}
