using System.Diagnostics;
using Payments.Telemetry;
using Temporalio.Activities;
using Temporalio.Api.Common.V1;
using Temporalio.Client;
using Temporalio.Client.Interceptors;
using Temporalio.Converters;
using Temporalio.Worker.Interceptors;
using Temporalio.Workflows;

namespace Payments.Connection;

/// <summary>
/// One trace from the HTTP request over the update and the activity to the gateway: the W3C trace context travels in a header. Only recorded traces travel, so an
/// unobserved service pays nothing. Where Temporalio.Extensions.OpenTelemetry can be had, its TracingInterceptor does this and more.
/// </summary>
public sealed class Tracing : IClientInterceptor, IWorkerInterceptor
{
    public const string Header = "traceparent";

    // Flows from a handler into the work that it starts, because both run on the workflow's own scheduler.
    private static readonly AsyncLocal<Payload?> Current = new();

    public ClientOutboundInterceptor InterceptClient(ClientOutboundInterceptor nextInterceptor) => new ClientOut(nextInterceptor);

    public WorkflowInboundInterceptor InterceptWorkflow(WorkflowInboundInterceptor nextInterceptor) => new WorkflowIn(nextInterceptor);

    public ActivityInboundInterceptor InterceptActivity(ActivityInboundInterceptor nextInterceptor) => new ActivityIn(nextInterceptor);

    private static IDictionary<string, Payload>? With(IDictionary<string, Payload>? headers, Payload? context)
    {
        if (context is null)
        {
            return headers;
        }
        headers = headers is null ? new Dictionary<string, Payload>(StringComparer.Ordinal) : new Dictionary<string, Payload>(headers, StringComparer.Ordinal);
        headers[Header] = context;
        return headers;
    }

    private static Payload? Outgoing() =>
        Activity.Current is { Recorded: true, Id: { } id } ? DataConverter.Default.PayloadConverter.ToPayload(id) : null;

    private static ActivityContext Parent(Payload payload) =>
        ActivityContext.TryParse(DataConverter.Default.PayloadConverter.ToValue<string>(payload), null, isRemote: true, out var context) ? context : default;

    private sealed class ClientOut(ClientOutboundInterceptor next) : ClientOutboundInterceptor(next)
    {
        public override Task<WorkflowHandle<TWorkflow, TResult>> StartWorkflowAsync<TWorkflow, TResult>(StartWorkflowInput input) =>
            InSpanAsync("start " + input.Workflow, input.Options.Id, () => Next.StartWorkflowAsync<TWorkflow, TResult>(input with { Headers = With(input.Headers, Outgoing()) }));

        public override Task SignalWorkflowAsync(SignalWorkflowInput input) =>
            InSpanAsync("signal " + input.Signal, input.Id, async () =>
            {
                await Next.SignalWorkflowAsync(input with { Headers = With(input.Headers, Outgoing()) }).ConfigureAwait(false);
                return true;
            });

        public override Task<WorkflowUpdateHandle<TResult>> StartWorkflowUpdateAsync<TResult>(StartWorkflowUpdateInput input) =>
            InSpanAsync("update " + input.Update, input.Id, () => Next.StartWorkflowUpdateAsync<TResult>(input with { Headers = With(input.Headers, Outgoing()) }));

        public override Task<WorkflowUpdateHandle<TUpdateResult>> StartUpdateWithStartWorkflowAsync<TUpdateResult>(StartUpdateWithStartWorkflowInput input) =>
            InSpanAsync(
                "update with start " + input.Update, input.Options.StartWorkflowOperation?.Options.Id,
                () => Next.StartUpdateWithStartWorkflowAsync<TUpdateResult>(input with { Headers = With(input.Headers, Outgoing()) }));

        private static async Task<T> InSpanAsync<T>(string name, string? workflowId, Func<Task<T>> call)
        {
            using var span = Activity.Current is { Recorded: true } ? PaymentMeters.Spans.StartActivity(name, ActivityKind.Client) : null;
            span?.SetTag("temporalWorkflowID", workflowId);
            try
            {
                return await call().ConfigureAwait(false);
            }
            catch (Exception e)
            {
                span?.SetStatus(ActivityStatusCode.Error, e.GetType().Name);
                throw;
            }
        }
    }

    private sealed class WorkflowIn(WorkflowInboundInterceptor next) : WorkflowInboundInterceptor(next)
    {
        public override void Init(WorkflowOutboundInterceptor outbound) => Next.Init(new WorkflowOut(outbound));

        public override Task HandleSignalAsync(HandleSignalInput input)
        {
            Take(input.Headers, "signal " + input.Signal);
            return Next.HandleSignalAsync(input);
        }

        public override Task<object?> HandleUpdateAsync(HandleUpdateInput input)
        {
            Take(input.Headers, "update " + input.Update);
            return Next.HandleUpdateAsync(input);
        }

        private static void Take(IReadOnlyDictionary<string, Payload>? headers, string name)
        {
            Current.Value = headers is not null && headers.TryGetValue(Header, out var payload) ? payload : null;
            if (Current.Value is { } context && !Workflow.Unsafe.IsReplaying)
            {
                // A span of its moment: a handler may wait for days and move between workers, which no open span survives.
                using var span = PaymentMeters.Spans.StartActivity(name, ActivityKind.Internal, Parent(context));
                span?.SetTag("temporalWorkflowID", Workflow.Info.WorkflowId).SetTag("temporalRunID", Workflow.Info.RunId);
                if (span?.Id is { } id)
                {
                    // What the handler starts is this span's. A worker that replays the handler makes no span, and goes on under the caller's.
                    Current.Value = DataConverter.Default.PayloadConverter.ToPayload(id);
                }
            }
        }
    }

    private sealed class WorkflowOut(WorkflowOutboundInterceptor next) : WorkflowOutboundInterceptor(next)
    {
        public override Task<TResult> ScheduleActivityAsync<TResult>(ScheduleActivityInput input) =>
            Next.ScheduleActivityAsync<TResult>(input with { Headers = With(input.Headers, Current.Value) });

        public override Task<ChildWorkflowHandle<TWorkflow, TResult>> StartChildWorkflowAsync<TWorkflow, TResult>(StartChildWorkflowInput input) =>
            Next.StartChildWorkflowAsync<TWorkflow, TResult>(input with { Headers = With(input.Headers, Current.Value) });
    }

    private sealed class ActivityIn(ActivityInboundInterceptor next) : ActivityInboundInterceptor(next)
    {
        public override async Task<object?> ExecuteActivityAsync(ExecuteActivityInput input)
        {
            if (input.Headers is null || !input.Headers.TryGetValue(Header, out var context))
            {
                return await Next.ExecuteActivityAsync(input).ConfigureAwait(false);
            }
            var info = ActivityExecutionContext.Current.Info;
            using var span = PaymentMeters.Spans.StartActivity("activity " + info.ActivityType, ActivityKind.Internal, Parent(context));
            span?.SetTag("temporalWorkflowID", info.WorkflowId).SetTag("temporalRunID", info.WorkflowRunId).SetTag("attempt", info.Attempt);
            return await Next.ExecuteActivityAsync(input).ConfigureAwait(false);
        }
    }
}
