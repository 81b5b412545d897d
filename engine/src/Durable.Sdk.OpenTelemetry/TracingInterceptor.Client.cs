using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Context.Propagation;
using Temporalio.Api.Common.V1;
using Temporalio.Client;
using Temporalio.Client.Interceptors;

namespace Temporalio.Extensions.OpenTelemetry;

public partial class TracingInterceptor
{
    private sealed class ClientOutbound(TracingInterceptor root, ClientOutboundInterceptor next) : ClientOutboundInterceptor(next)
    {
        public override Task<WorkflowHandle<TWorkflow, TResult>> StartWorkflowAsync<TWorkflow, TResult>(StartWorkflowInput input) => TraceAsync(
            $"{(input.Options.StartSignal is null ? "StartWorkflow" : "SignalWithStartWorkflow")}:{input.Workflow}",
            root.CreateWorkflowTags(input.Options.Id!),
            () => Next.StartWorkflowAsync<TWorkflow, TResult>(input with { Headers = Headers(input.Headers) }));

        public override Task<WorkflowUpdateHandle<TUpdateResult>> StartUpdateWithStartWorkflowAsync<TUpdateResult>(StartUpdateWithStartWorkflowInput input)
        {
            if (input.Options.StartWorkflowOperation is not { } operation)
            {
                return Next.StartUpdateWithStartWorkflowAsync<TUpdateResult>(input);
            }
            return TraceAsync(
                $"UpdateWithStartWorkflow:{operation.Workflow}",
                root.CreateUpdateTags(operation.Options.Id!, input.Options.Id),
                () =>
                {
                    // Both halves carry it. The operation stays the caller's own: the handle is asked from it.
                    operation.Headers = Headers(operation.Headers);
                    return Next.StartUpdateWithStartWorkflowAsync<TUpdateResult>(input with { Headers = Headers(input.Headers) });
                });
        }

        public override Task SignalWorkflowAsync(SignalWorkflowInput input) => TraceAsync(
            $"SignalWorkflow:{input.Signal}",
            root.CreateWorkflowTags(input.Id),
            async () =>
            {
                await Next.SignalWorkflowAsync(input with { Headers = Headers(input.Headers) }).ConfigureAwait(false);
                return default(ValueTuple);
            });

        public override Task<TResult> QueryWorkflowAsync<TResult>(QueryWorkflowInput input) => TraceAsync(
            $"QueryWorkflow:{input.Query}",
            root.CreateWorkflowTags(input.Id),
            () => Next.QueryWorkflowAsync<TResult>(input with { Headers = Headers(input.Headers) }));

        public override Task<WorkflowUpdateHandle<TResult>> StartWorkflowUpdateAsync<TResult>(StartWorkflowUpdateInput input) => TraceAsync(
            $"UpdateWorkflow:{input.Update}",
            root.CreateUpdateTags(input.Id, input.Options.Id),
            () => Next.StartWorkflowUpdateAsync<TResult>(input with { Headers = Headers(input.Headers) }));

        public override Task<ActivityHandle<TResult>> StartActivityAsync<TResult>(StartActivityInput input) => TraceAsync(
            $"StartActivity:{input.Activity}",
            Tags((root.Options.TagNameActivityId, input.Options.Id)),
            () => Next.StartActivityAsync<TResult>(input with { Headers = Headers(input.Headers) }));

        private static async Task<T> TraceAsync<T>(string name, IEnumerable<KeyValuePair<string, object?>> tags, Func<Task<T>> call)
        {
            using var activity = ClientSource.StartActivity(name, ActivityKind.Client, parentContext: default, tags);
            try
            {
                return await call().ConfigureAwait(false);
            }
            catch (Exception e)
            {
                Record(activity, e);
                throw;
            }
        }

        // Whatever span is current travels, also one of the application's when nobody listens to ours.
        private IDictionary<string, Payload>? Headers(IDictionary<string, Payload>? headers) =>
            Activity.Current is { } current ? root.HeadersFromContext(headers, new PropagationContext(current.Context, Baggage.Current)) : headers;
    }
}
