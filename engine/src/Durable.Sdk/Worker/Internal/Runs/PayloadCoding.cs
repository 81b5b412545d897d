using Google.Protobuf.Collections;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.Sdk.V1;
using Temporalio.Api.Update.V1;
using Temporalio.Converters;
using Temporalio.Worker.Internal.Core;
using Temporalio.Worker.Internal.Jobs;

namespace Temporalio.Worker.Internal.Runs;

/// <summary>
/// The codec between the history and the workflow: jobs are decoded before they are applied, commands encoded before they are sent.
/// </summary>
/// <remarks>
/// Search attributes, patch markers and the SDK's own part of local activity markers stay as they are. Messages of the history are never
/// changed, they may be replayed again; commands and messages to send are changed in place.
/// </remarks>
internal sealed class PayloadCoding(IPayloadCodec codec)
{
    private IWithSerializationContext<IPayloadCodec>? wants;
    private CodedRun? run;

    /// <summary>For one run: a codec that wants to know what a payload belongs to is told, the run or one of its activities and children.</summary>
    public PayloadCoding For(CodedRun of) => codec is IWithSerializationContext<IPayloadCodec> asks
        ? new PayloadCoding(asks.WithSerializationContext(of.Own)) { wants = asks, run = of }
        : this;

    private PayloadCoding In(Func<CodedRun, ISerializationContext?> contextOf) =>
        run is not null && contextOf(run) is { } context ? new PayloadCoding(wants!.WithSerializationContext(context)) : this;

    public async Task DecodeAsync(List<ActivationJob> jobs)
    {
        foreach (var job in jobs)
        {
            switch (job)
            {
                case InitializeJob initialize:
                    initialize.Started = await DecodeAsync(initialize.Started.Clone()).ConfigureAwait(false);
                    break;
                case SignalJob signal:
                    signal.Input = await DecodeAsync(signal.Input).ConfigureAwait(false);
                    signal.Headers = await DecodeAsync(signal.Headers).ConfigureAwait(false);
                    break;
                case UpdateJob update:
                    update.Input = await DecodeAsync(update.Input).ConfigureAwait(false);
                    update.Headers = await DecodeAsync(update.Headers).ConfigureAwait(false);
                    break;
                case QueryJob query:
                    query.Arguments = await DecodeAsync(query.Arguments).ConfigureAwait(false);
                    query.Headers = await DecodeAsync(query.Headers).ConfigureAwait(false);
                    break;
                case ResolveActivityJob { Resolution: { IsPlain: false } resolution } activity:
                    var ofActivity = In(run => run.Activity(activity.Seq));
                    resolution.Result = await ofActivity.DecodeAsync(resolution.Result).ConfigureAwait(false);
                    resolution.Failure = await ofActivity.DecodeAsync(resolution.Failure).ConfigureAwait(false);
                    break;
                case ResolveChildStartJob child:
                    child.Cancelled = await In(run => run.Child(child.Seq)).DecodeAsync(child.Cancelled).ConfigureAwait(false);
                    break;
                case ResolveChildJob child:
                    var ofChild = In(run => run.Child(child.Seq));
                    child.Result = await ofChild.DecodeAsync(child.Result).ConfigureAwait(false);
                    child.Failure = await ofChild.DecodeAsync(child.Failure).ConfigureAwait(false);
                    break;
                default:
                    break;
            }
        }
    }

    public Task EncodeAsync(Command command) => ContextOf(command).EncodeInPlaceAsync(command);

    // Whose the payloads of a command are: whoever gets them decodes them as theirs.
    private PayloadCoding ContextOf(Command command) => command switch
    {
        { ScheduleActivityTaskCommandAttributes: { } activity } =>
            In(run => run.Scheduled(activity.ActivityId, activity.ActivityType.Name, activity.TaskQueue.Name, isLocal: false)),
        { StartChildWorkflowExecutionCommandAttributes: { } child } => In(run => run.OtherWorkflow(child.WorkflowId)),
        { SignalExternalWorkflowExecutionCommandAttributes: { } signal } => In(run => run.OtherWorkflow(signal.Execution.WorkflowId)),
        { RecordMarkerCommandAttributes: { } marker } when Markers.LocalActivityOf(marker) is { } local =>
            In(run => run.Scheduled(local.ActivityId, local.ActivityType, run.TaskQueue, isLocal: true)),
        _ => this,
    };

    private async Task EncodeInPlaceAsync(Command command)
    {
        switch (command.AttributesCase)
        {
            case Command.AttributesOneofCase.ScheduleActivityTaskCommandAttributes:
                await EncodeAsync(command.ScheduleActivityTaskCommandAttributes.Input).ConfigureAwait(false);
                await EncodeAsync(command.ScheduleActivityTaskCommandAttributes.Header).ConfigureAwait(false);
                break;
            case Command.AttributesOneofCase.StartChildWorkflowExecutionCommandAttributes:
                var child = command.StartChildWorkflowExecutionCommandAttributes;
                await EncodeAsync(child.Input).ConfigureAwait(false);
                await EncodeAsync(child.Header).ConfigureAwait(false);
                await EncodeAsync(child.Memo?.Fields).ConfigureAwait(false);
                break;
            case Command.AttributesOneofCase.SignalExternalWorkflowExecutionCommandAttributes:
                await EncodeAsync(command.SignalExternalWorkflowExecutionCommandAttributes.Input).ConfigureAwait(false);
                await EncodeAsync(command.SignalExternalWorkflowExecutionCommandAttributes.Header).ConfigureAwait(false);
                break;
            case Command.AttributesOneofCase.RecordMarkerCommandAttributes:
                await EncodeAsync(command.RecordMarkerCommandAttributes.Details.GetValueOrDefault("result")).ConfigureAwait(false);
                await EncodeAsync(command.RecordMarkerCommandAttributes.Failure).ConfigureAwait(false);
                break;
            case Command.AttributesOneofCase.ModifyWorkflowPropertiesCommandAttributes:
                await EncodeAsync(command.ModifyWorkflowPropertiesCommandAttributes.UpsertedMemo.Fields).ConfigureAwait(false);
                break;
            case Command.AttributesOneofCase.CompleteWorkflowExecutionCommandAttributes:
                await EncodeAsync(command.CompleteWorkflowExecutionCommandAttributes.Result).ConfigureAwait(false);
                break;
            case Command.AttributesOneofCase.FailWorkflowExecutionCommandAttributes:
                await EncodeAsync(command.FailWorkflowExecutionCommandAttributes.Failure).ConfigureAwait(false);
                break;
            case Command.AttributesOneofCase.ContinueAsNewWorkflowExecutionCommandAttributes:
                var next = command.ContinueAsNewWorkflowExecutionCommandAttributes;
                await EncodeAsync(next.Input).ConfigureAwait(false);
                await EncodeAsync(next.Header).ConfigureAwait(false);
                await EncodeAsync(next.Memo?.Fields).ConfigureAwait(false);
                break;
            default:
                break;
        }
        if (command.UserMetadata is { } metadata)
        {
            metadata.Summary = await EncodeAsync(metadata.Summary).ConfigureAwait(false);
            metadata.Details = await EncodeAsync(metadata.Details).ConfigureAwait(false);
        }
    }

    public async Task EncodeAsync(OutgoingMessage message)
    {
        switch (message.Body)
        {
            case Rejection rejection:
                await EncodeAsync(rejection.Failure).ConfigureAwait(false);
                break;
            case Response { Outcome.Failure: { } failure }:
                await EncodeAsync(failure).ConfigureAwait(false);
                break;
            case Response { Outcome.Success: { } success }:
                await EncodeAsync(success).ConfigureAwait(false);
                break;
            default:
                break;
        }
    }

    public Task EncodeAsync(Failure? failure) => failure is null ? Task.CompletedTask : codec.EncodeFailureAsync(failure);

    public async Task<Payload?> EncodeAsync(Payload? payload) =>
        payload is null ? null : await codec.EncodeSingleAsync(payload).ConfigureAwait(false);

    private async Task EncodeAsync(Payloads? payloads)
    {
        if (payloads is { Payloads_.Count: > 0 })
        {
            var encoded = await codec.EncodeAsync(payloads.Payloads_.ToArray()).ConfigureAwait(false);
            payloads.Payloads_.Clear();
            payloads.Payloads_.AddRange(encoded);
        }
    }

    private Task EncodeAsync(Header? header) => EncodeAsync(header?.Fields);

    private async Task EncodeAsync(MapField<string, Payload>? fields)
    {
        if (fields is null)
        {
            return;
        }
        foreach (var key in fields.Keys.ToArray())
        {
            fields[key] = (await EncodeAsync(fields[key]).ConfigureAwait(false))!;
        }
    }

    private async Task<Api.History.V1.WorkflowExecutionStartedEventAttributes> DecodeAsync(Api.History.V1.WorkflowExecutionStartedEventAttributes started)
    {
        await DecodeAsync(started.Input).ConfigureAwait(false);
        await DecodeAsync(started.LastCompletionResult).ConfigureAwait(false);
        await DecodeInPlaceAsync(started.ContinuedFailure).ConfigureAwait(false);
        await DecodeAsync(started.Memo?.Fields).ConfigureAwait(false);
        await DecodeAsync(started.Header?.Fields).ConfigureAwait(false);
        return started;
    }

    private async Task<IReadOnlyList<Payload>> DecodeAsync(IReadOnlyList<Payload> payloads) =>
        payloads.Count == 0 ? payloads : [.. await codec.DecodeAsync(payloads).ConfigureAwait(false)];

    private async Task<IReadOnlyDictionary<string, Payload>?> DecodeAsync(IReadOnlyDictionary<string, Payload>? fields)
    {
        if (fields is null || fields.Count == 0)
        {
            return fields;
        }
        var decoded = new Dictionary<string, Payload>(fields.Count);
        foreach (var (key, payload) in fields)
        {
            decoded[key] = (await DecodeAsync(payload).ConfigureAwait(false))!;
        }
        return decoded;
    }

    private async Task<Payload?> DecodeAsync(Payload? payload) =>
        payload is null ? null : await codec.DecodeSingleAsync(payload).ConfigureAwait(false);

    public async Task<Failure?> DecodeAsync(Failure? failure)
    {
        if (failure is null)
        {
            return null;
        }
        var decoded = failure.Clone();
        await DecodeInPlaceAsync(decoded).ConfigureAwait(false);
        return decoded;
    }

    private Task DecodeInPlaceAsync(Failure? failure) => failure is null ? Task.CompletedTask : codec.DecodeFailureAsync(failure);

    private async Task DecodeAsync(Payloads? payloads)
    {
        if (payloads is { Payloads_.Count: > 0 })
        {
            var decoded = await codec.DecodeAsync(payloads.Payloads_.ToArray()).ConfigureAwait(false);
            payloads.Payloads_.Clear();
            payloads.Payloads_.AddRange(decoded);
        }
    }

    private async Task DecodeAsync(MapField<string, Payload>? fields)
    {
        if (fields is null)
        {
            return;
        }
        foreach (var key in fields.Keys.ToArray())
        {
            fields[key] = (await DecodeAsync(fields[key]).ConfigureAwait(false))!;
        }
    }
}
