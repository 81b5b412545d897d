using System.Diagnostics;
using OpenTelemetry.Context.Propagation;
using Temporalio.Activities;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Client.Interceptors;
using Temporalio.Converters;
using Temporalio.Exceptions;
using Temporalio.Worker.Interceptors;
using Temporalio.Workflows;

namespace Temporalio.Extensions.OpenTelemetry;

/// <summary>One trace from the client over workflows to activities. Set it on the client: its workers use it too.</summary>
/// <remarks>Listen to the three sources; in workflow code record spans with <see cref="ActivitySourceExtensions.TrackWorkflowDiagnosticActivity"/> only.</remarks>
public partial class TracingInterceptor : IClientInterceptor, IWorkerInterceptor
{
    /// <summary>Calls of clients.</summary>
    public static readonly ActivitySource ClientSource = new("Temporalio.Extensions.OpenTelemetry.Client");

    /// <summary>What workflows do and are asked.</summary>
    public static readonly ActivitySource WorkflowsSource = new("Temporalio.Extensions.OpenTelemetry.Workflow");

    /// <summary>Attempts of activities.</summary>
    public static readonly ActivitySource ActivitiesSource = new("Temporalio.Extensions.OpenTelemetry.Activity");

    public TracingInterceptor(TracingInterceptorOptions? options = null) => Options = options ?? new();

    public TracingInterceptorOptions Options { get; init; }

    /// <inheritdoc/>
    public ClientOutboundInterceptor InterceptClient(ClientOutboundInterceptor nextInterceptor) => new ClientOutbound(this, nextInterceptor);

    /// <inheritdoc/>
    public WorkflowInboundInterceptor InterceptWorkflow(WorkflowInboundInterceptor nextInterceptor) => new WorkflowInbound(this, nextInterceptor);

    /// <inheritdoc/>
    public ActivityInboundInterceptor InterceptActivity(ActivityInboundInterceptor nextInterceptor) => new ActivityInbound(this, nextInterceptor);

    /// <summary>Writes a context into headers.</summary>
    /// <param name="headers">Changed and returned; null: new ones.</param>
    protected virtual IDictionary<string, Payload> HeadersFromContext(IDictionary<string, Payload>? headers, PropagationContext ctx)
    {
        var carrier = new Dictionary<string, string>();
        Options.Propagator.Inject(ctx, carrier, static (target, name, value) => target[name] = value);
        headers ??= new Dictionary<string, Payload>();
        // Without the application's converter: any worker must be able to read it.
        headers[Options.HeaderKey] = DataConverter.Default.PayloadConverter.ToPayload(carrier);
        return headers;
    }

    /// <summary>Reads a context from headers.</summary>
    /// <returns>Null: there is none.</returns>
    protected virtual PropagationContext? HeadersToContext(IReadOnlyDictionary<string, Payload>? headers)
    {
        if (headers is null || !headers.TryGetValue(Options.HeaderKey, out var payload))
        {
            return null;
        }
        var carrier = DataConverter.Default.PayloadConverter.ToValue<Dictionary<string, string>>(payload);
        return Options.Propagator.Extract(default, carrier, static (source, name) => source.TryGetValue(name, out var value) ? [value] : []);
    }

    protected virtual IEnumerable<KeyValuePair<string, object?>> CreateWorkflowTags(string workflowId) => Tags((Options.TagNameWorkflowId, workflowId));

    /// <param name="updateId">Null: not chosen yet.</param>
    protected virtual IEnumerable<KeyValuePair<string, object?>> CreateUpdateTags(string workflowId, string? updateId) =>
        Tags((Options.TagNameWorkflowId, workflowId), (updateId is null ? null : Options.TagNameUpdateId, updateId));

    /// <summary>Called in a workflow.</summary>
    protected virtual IEnumerable<KeyValuePair<string, object?>> CreateInWorkflowTags() =>
        Tags((Options.TagNameWorkflowId, Workflow.Info.WorkflowId), (Options.TagNameRunId, Workflow.Info.RunId));

    /// <summary>Called in an activity.</summary>
    protected virtual IEnumerable<KeyValuePair<string, object?>> CreateInActivityTags()
    {
        var info = ActivityExecutionContext.Current.Info;
        return Tags((Options.TagNameWorkflowId, info.WorkflowId), (Options.TagNameRunId, info.WorkflowRunId), (Options.TagNameActivityId, info.ActivityId));
    }

    private static KeyValuePair<string, object?>[] Tags(params ReadOnlySpan<(string? Name, string? Value)> tags)
    {
        var named = new List<KeyValuePair<string, object?>>(tags.Length);
        foreach (var (name, value) in tags)
        {
            if (name is not null)
            {
                named.Add(new(name, value));
            }
        }
        return [.. named];
    }

    // A failure that its thrower calls benign is no error; one that wraps it is, for whoever gets that.
    private static void Record(Activity? activity, Exception exception)
    {
        if (exception is not ApplicationFailureException { Category: ApplicationErrorCategory.Benign })
        {
            activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
        }
        activity?.AddException(exception);
    }
}
