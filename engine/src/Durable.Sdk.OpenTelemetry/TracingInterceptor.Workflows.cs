using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Context.Propagation;
using Temporalio.Api.Common.V1;
using Temporalio.Exceptions;
using Temporalio.Worker.Interceptors;
using Temporalio.Workflows;

namespace Temporalio.Extensions.OpenTelemetry;

public partial class TracingInterceptor
{
    private sealed class WorkflowInbound(TracingInterceptor root, WorkflowInboundInterceptor next) : WorkflowInboundInterceptor(next)
    {
        public override void Init(WorkflowOutboundInterceptor outbound) => Next.Init(new WorkflowOutbound(root, outbound));

        public override async Task<object?> ExecuteWorkflowAsync(ExecuteWorkflowInput input)
        {
            using var scope = new Scope(root, $"RunWorkflow:{Workflow.Info.WorkflowType}", null);
            try
            {
                var result = await Next.ExecuteWorkflowAsync(input).ConfigureAwait(true);
                WorkflowsSource.TrackWorkflowDiagnosticActivity($"CompleteWorkflow:{Workflow.Info.WorkflowType}").Dispose();
                return result;
            }
            catch (Exception e) when (e is not ContinueAsNewException)
            {
                TrackEnd(e, "CompleteWorkflow", Workflow.Info.WorkflowType);
                throw;
            }
        }

        public override async Task HandleSignalAsync(HandleSignalInput input)
        {
            using var scope = new Scope(root, $"HandleSignal:{input.Signal}", input.Headers);
            try
            {
                await Next.HandleSignalAsync(input).ConfigureAwait(true);
            }
            catch (Exception e) when (e is not ContinueAsNewException)
            {
                TrackEnd(e, "CompleteWorkflow", Workflow.Info.WorkflowType);
                throw;
            }
        }

        public override async Task<object?> HandleUpdateAsync(HandleUpdateInput input)
        {
            using var scope = new Scope(root, $"HandleUpdate:{input.Update}", input.Headers);
            try
            {
                return await Next.HandleUpdateAsync(input).ConfigureAwait(true);
            }
            catch (Exception e)
            {
                TrackEnd(e, "CompleteUpdate", input.Update);
                throw;
            }
        }

        public override void ValidateUpdate(HandleUpdateInput input)
        {
            using var scope = new Scope(root, $"ValidateUpdate:{input.Update}", input.Headers);
            try
            {
                Next.ValidateUpdate(input);
            }
            catch (Exception e)
            {
                Record(scope.Activity, e);
                throw;
            }
        }

        public override object? HandleQuery(HandleQueryInput input)
        {
            using var scope = new Scope(root, $"HandleQuery:{input.Query}", input.Headers, evenOnReplay: true);
            try
            {
                return Next.HandleQuery(input);
            }
            catch (Exception e)
            {
                Record(scope.Activity, e);
                throw;
            }
        }

        // A span of its own: the one that began may have done so in another process. What fails the task only may be tried again.
        private static void TrackEnd(Exception e, string ending, string name) =>
            WorkflowsSource.TrackWorkflowDiagnosticActivity(
                $"{(e is FailureException or OperationCanceledException ? ending : "WorkflowTaskFailure")}:{name}",
                updateActivity: activity => Record(activity, e)).Dispose();
    }

    private sealed class WorkflowOutbound(TracingInterceptor root, WorkflowOutboundInterceptor next) : WorkflowOutboundInterceptor(next)
    {
        public override ContinueAsNewException CreateContinueAsNewException(CreateContinueAsNewExceptionInput input) =>
            Next.CreateContinueAsNewException(input with { Headers = Current(input.Headers) });

        public override Task<TResult> ScheduleActivityAsync<TResult>(ScheduleActivityInput input) =>
            Next.ScheduleActivityAsync<TResult>(input with { Headers = Tracked($"StartActivity:{input.Activity}", input.Headers) });

        public override Task<TResult> ScheduleLocalActivityAsync<TResult>(ScheduleLocalActivityInput input) =>
            Next.ScheduleLocalActivityAsync<TResult>(input with { Headers = Tracked($"StartActivity:{input.Activity}", input.Headers) });

        public override Task SignalChildWorkflowAsync(SignalChildWorkflowInput input) =>
            Next.SignalChildWorkflowAsync(input with { Headers = Tracked($"SignalChildWorkflow:{input.Signal}", input.Headers) });

        public override Task SignalExternalWorkflowAsync(SignalExternalWorkflowInput input) =>
            Next.SignalExternalWorkflowAsync(input with { Headers = Tracked($"SignalExternalWorkflow:{input.Signal}", input.Headers) });

        public override Task<ChildWorkflowHandle<TWorkflow, TResult>> StartChildWorkflowAsync<TWorkflow, TResult>(StartChildWorkflowInput input) =>
            Next.StartChildWorkflowAsync<TWorkflow, TResult>(input with { Headers = Tracked($"StartChildWorkflow:{input.Workflow}", input.Headers) });

        private IDictionary<string, Payload> Tracked(string name, IDictionary<string, Payload>? headers)
        {
            using (WorkflowsSource.TrackWorkflowDiagnosticActivity(name, ActivityKind.Client))
            {
                return Current(headers);
            }
        }

        private IDictionary<string, Payload> Current(IDictionary<string, Payload>? headers) =>
            root.HeadersFromContext(headers, new PropagationContext(WorkflowDiagnosticActivity.Current?.Context ?? default, Baggage.Current));
    }

    /// <summary>The context that the workflow was started with, and in it the span of one handler, linked to its caller.</summary>
    private sealed class Scope : IDisposable
    {
        private readonly Baggage previous = Baggage.Current;
        private readonly WorkflowDiagnosticActivity? remote;
        private readonly WorkflowDiagnosticActivity own;

        public Scope(TracingInterceptor root, string name, IReadOnlyDictionary<string, Payload>? headers, bool evenOnReplay = false)
        {
            if (root.HeadersToContext(Workflow.Info.Headers) is { } context)
            {
                Baggage.Current = context.Baggage;
                remote = WorkflowDiagnosticActivity.AttachFromContext(context.ActivityContext);
            }
            own = WorkflowsSource.TrackWorkflowDiagnosticActivity(
                name,
                ActivityKind.Server,
                root.CreateInWorkflowTags(),
                root.HeadersToContext(headers) is { } caller ? [new ActivityLink(caller.ActivityContext)] : null,
                evenOnReplay,
                inheritParentTags: false);
        }

        public Activity? Activity => own.Activity;

        public void Dispose()
        {
            own.Dispose();
            remote?.Dispose();
            Baggage.Current = previous;
        }
    }
}
