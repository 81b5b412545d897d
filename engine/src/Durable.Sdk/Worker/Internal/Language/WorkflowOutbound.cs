using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Sdk.V1;
using Temporalio.Converters;
using Temporalio.Exceptions;
using Temporalio.Worker.Interceptors;
using Temporalio.Worker.Internal.Commands;
using Temporalio.Workflows;

namespace Temporalio.Worker.Internal.Language;

/// <summary>The end of the outbound chain: turns calls into commands and waits for their jobs.</summary>
/// <remarks>
/// A command is issued in the call; what follows, such as the registration of a cancellation, happens in a task of the workflow's
/// scheduler. That division is part of the order that histories replay.
/// </remarks>
internal sealed partial class WorkflowOutbound(WorkflowInstance workflow) : WorkflowOutboundInterceptor
{
    public override ContinueAsNewException CreateContinueAsNewException(CreateContinueAsNewExceptionInput input) => new(input);

    public override Task DelayAsync(DelayAsyncInput input)
    {
        var token = input.CancellationToken ?? workflow.CancellationToken;
        if (token.IsCancellationRequested)
        {
            return Task.FromCanceled(token);
        }
        var delay = input.Delay;
        if (delay < TimeSpan.Zero && delay != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentException("Delay duration cannot be less than 0");
        }
        var fired = new TaskCompletionSource();
        // 0: no timer, the wait ends with the token only.
        var seq = 0u;
        if (delay != Timeout.InfiniteTimeSpan)
        {
            seq = workflow.NextTimer();
            workflow.Timers[seq] = fired;
            workflow.Add(new StartTimerCommand(
                seq,
                delay == TimeSpan.Zero ? TimeSpan.FromMilliseconds(1) : delay,
                new UserMetadata { Summary = input.Summary is null ? null : workflow.PayloadConverter.ToPayload(input.Summary) }));
        }
        return workflow.QueueAsync(async () =>
        {
            using var registration = token.Register(() =>
            {
                if (fired.TrySetCanceled(token) && workflow.Timers.Remove(seq))
                {
                    workflow.Add(new CancelTimerCommand(seq));
                }
            });
            await fired.Task.ConfigureAwait(true);
        });
    }

    public override Task CancelExternalWorkflowAsync(CancelExternalWorkflowInput input)
    {
        var seq = workflow.NextExternalCancel();
        var delivered = new TaskCompletionSource<Api.Failure.V1.Failure?>();
        workflow.ExternalCancels[seq] = delivered;
        workflow.Add(new CancelExternalWorkflowCommand(seq, new()
        {
            Namespace = workflow.Info.Namespace,
            WorkflowId = input.Id,
            RunId = input.RunId ?? string.Empty,
            Reason = $"Cancel requested by workflow with run id {workflow.Info.RunId} with reason: ",
        }));
        return workflow.QueueAsync(async () =>
        {
            var failure = await delivered.Task.ConfigureAwait(true);
            workflow.ExternalCancels.Remove(seq);
            if (failure is not null)
            {
                throw workflow.ToException(failure, new ISerializationContext.Workflow(workflow.Info.Namespace, input.Id));
            }
        });
    }

    public override Task SignalChildWorkflowAsync(SignalChildWorkflowInput input)
    {
        var context = new ISerializationContext.Workflow(workflow.Info.Namespace, input.Id);
        var attributes = new Api.Command.V1.SignalExternalWorkflowExecutionCommandAttributes
        {
            Namespace = workflow.Info.Namespace,
            Execution = new() { WorkflowId = input.Id },
            SignalName = input.Signal,
            Input = workflow.ToPayloads(input.Args, context),
            ChildWorkflowOnly = true,
            Header = Protos.Header(input.Headers),
        };
        return SignalAsync(attributes, context, input.Options?.CancellationToken);
    }

    public override Task SignalExternalWorkflowAsync(SignalExternalWorkflowInput input)
    {
        var context = new ISerializationContext.Workflow(workflow.Info.Namespace, input.Id);
        var attributes = new Api.Command.V1.SignalExternalWorkflowExecutionCommandAttributes
        {
            Namespace = workflow.Info.Namespace,
            Execution = new() { WorkflowId = input.Id, RunId = input.RunId ?? string.Empty },
            SignalName = input.Signal,
            Input = workflow.ToPayloads(input.Args, context),
            Header = Protos.Header(input.Headers),
        };
        return SignalAsync(attributes, context, input.Options?.CancellationToken);
    }

    private Task SignalAsync(
        Api.Command.V1.SignalExternalWorkflowExecutionCommandAttributes attributes,
        ISerializationContext context,
        CancellationToken? cancellationToken)
    {
        // The number is used up even when nothing is sent.
        var seq = workflow.NextExternalSignal();
        var token = cancellationToken ?? workflow.CancellationToken;
        if (token.IsCancellationRequested)
        {
            return Task.FromException(new CanceledFailureException("Signal cancelled before scheduled"));
        }
        var delivered = new TaskCompletionSource<Api.Failure.V1.Failure?>();
        workflow.ExternalSignals[seq] = delivered;
        workflow.Add(new SignalExternalWorkflowCommand(seq, attributes));
        return workflow.QueueAsync(async () =>
        {
            using var registration = token.Register(() =>
            {
                if (workflow.ExternalSignals.ContainsKey(seq))
                {
                    workflow.Add(new CancelSignalWorkflowCommand(seq));
                }
            });
            var failure = await delivered.Task.ConfigureAwait(true);
            workflow.ExternalSignals.Remove(seq);
            if (failure is not null)
            {
                throw workflow.ToException(failure, context);
            }
        });
    }
}
