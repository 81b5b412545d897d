using Temporalio.Api.Common.V1;
using Temporalio.Converters;
using Temporalio.Workflows;

namespace Temporalio.Worker.Internal.Language;

internal sealed class ChildHandle<TWorkflow, TResult>(
    WorkflowInstance workflow,
    ISerializationContext context,
    string id,
    string firstExecutionRunId) : ChildWorkflowHandle<TWorkflow, TResult>
{
    public override string Id => id;

    public override string FirstExecutionRunId => firstExecutionRunId;

    /// <summary>The result, null without one, or the failure.</summary>
    public TaskCompletionSource<Payload?> Ended { get; } = new();

    public override async Task<TLocalResult> GetResultAsync<TLocalResult>()
    {
        var payload = await Ended.Task.ConfigureAwait(true);
        if (payload is null || typeof(TLocalResult) == typeof(ValueTuple))
        {
            return default!;
        }
        return (TLocalResult)workflow.ConverterFor(context).PayloadConverter.ToValue(payload, typeof(TLocalResult))!;
    }

    public override Task SignalAsync(string signal, IReadOnlyCollection<object?> args, ChildWorkflowSignalOptions? options = null) =>
        workflow.SignalAsync(new Interceptors.SignalChildWorkflowInput(Id, signal, args, options, null));
}
