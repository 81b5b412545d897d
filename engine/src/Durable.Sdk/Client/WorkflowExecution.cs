using Temporalio.Api.Enums.V1;
using Temporalio.Api.Workflow.V1;
using Temporalio.Client.Internal;
using Temporalio.Common;
using Temporalio.Converters;

namespace Temporalio.Client;

/// <summary>What list and describe say of a run. Times are UTC.</summary>
public class WorkflowExecution
{
    private readonly Lazy<IReadOnlyDictionary<string, IEncodedRawValue>> memo;
    private readonly Lazy<SearchAttributeCollection> searchAttributes;

    protected internal WorkflowExecution(WorkflowExecutionInfo rawInfo, DataConverter dataConverter, string? clientNamespaceForDataConverterWithContext)
    {
        RawInfo = rawInfo;
        // A list has runs of many workflows: each gets its own context here. A description's converter has it already.
        memo = new(() => EncodedRawValue.Of(
            rawInfo.Memo,
            clientNamespaceForDataConverterWithContext is { } @namespace ? dataConverter.For(@namespace, rawInfo.Execution.WorkflowId) : dataConverter));
        searchAttributes = new(() => rawInfo.SearchAttributes is null ? SearchAttributeCollection.Empty : SearchAttributeCollection.FromProto(rawInfo.SearchAttributes));
    }

    public DateTime? CloseTime => RawInfo.CloseTime?.ToDateTime();

    public DateTime? ExecutionTime => RawInfo.ExecutionTime?.ToDateTime();

    public int HistoryLength => (int)RawInfo.HistoryLength;

    public string Id => RawInfo.Execution.WorkflowId;

    public IReadOnlyDictionary<string, IEncodedRawValue> Memo => memo.Value;

    public string? ParentId => RawInfo.ParentExecution?.WorkflowId;

    public string? ParentRunId => RawInfo.ParentExecution?.RunId;

    public string RunId => RawInfo.Execution.RunId;

    public DateTime StartTime => RawInfo.StartTime.ToDateTime();

    public WorkflowExecutionStatus Status => RawInfo.Status;

    public string TaskQueue => RawInfo.TaskQueue;

    public SearchAttributeCollection TypedSearchAttributes => searchAttributes.Value;

    public string WorkflowType => RawInfo.Type.Name;

    internal WorkflowExecutionInfo RawInfo { get; }
}
