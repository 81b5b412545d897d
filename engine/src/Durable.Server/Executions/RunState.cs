using Google.Protobuf;
using Temporalio.Api.Common.V1;
using Temporalio.Api.History.V1;

namespace Durable.Server.Executions;

/// <summary>
/// The large parts of a run's state are kept in their stored form beside their objects: the state is written with every commit, and these
/// parts hardly ever change.
/// </summary>
/// <remarks>An object that was set or got here must not be changed: change a copy and set that.</remarks>
public sealed partial class RunState
{
    private WorkflowExecutionStartedEventAttributes? started;
    private SearchAttributes? searchAttributes;

    /// <summary>The attributes of event 1.</summary>
    public WorkflowExecutionStartedEventAttributes Started
    {
        get => started ??= WorkflowExecutionStartedEventAttributes.Parser.ParseFrom(StartedBytes);
        set
        {
            started = value;
            StartedBytes = value.ToByteString();
        }
    }

    /// <summary>Null: none.</summary>
    public SearchAttributes? SearchAttributes
    {
        get => SearchAttributesBytes.IsEmpty ? null : searchAttributes ??= SearchAttributes.Parser.ParseFrom(SearchAttributesBytes);
        set
        {
            searchAttributes = value;
            SearchAttributesBytes = value?.ToByteString() ?? ByteString.Empty;
        }
    }

    /// <summary>Another list of the same values, to be changed and set.</summary>
    public static SearchAttributes Copy(SearchAttributes? attributes)
    {
        var copy = new SearchAttributes();
        if (attributes is not null)
        {
            copy.IndexedFields.Add(attributes.IndexedFields);
        }
        return copy;
    }
}
