using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client.Internal;
using Temporalio.Converters;

namespace Temporalio.Client;

/// <summary>What describe says of a run.</summary>
public class WorkflowExecutionDescription : WorkflowExecution
{
    private readonly DataConverter converter;

    protected internal WorkflowExecutionDescription(DescribeWorkflowExecutionResponse rawDescription, DataConverter dataConverter)
        : base(rawDescription.WorkflowExecutionInfo, dataConverter, null)
    {
        RawDescription = rawDescription;
        converter = dataConverter;
    }

    internal DescribeWorkflowExecutionResponse RawDescription { get; }

    public Task<string?> GetStaticSummaryAsync() => converter.TextAsync(RawDescription.ExecutionConfig?.UserMetadata?.Summary);

    public Task<string?> GetStaticDetailsAsync() => converter.TextAsync(RawDescription.ExecutionConfig?.UserMetadata?.Details);
}
