using Microsoft.Extensions.Logging;
using Temporalio.Api.Common.V1;
using Temporalio.Api.History.V1;
using Temporalio.Common;
using Temporalio.Converters;
using Temporalio.Worker.Interceptors;
using Temporalio.Worker.Internal.Commands;
using Temporalio.Worker.Internal.Jobs;
using Temporalio.Workflows;

namespace Temporalio.Worker.Internal.Language;

/// <summary>
/// A running workflow: its object, its handlers and its own scheduler. Takes jobs and gives commands; knows nothing of history or server.
/// </summary>
/// <remarks>Used by one thread at a time: the one that activates it.</remarks>
internal sealed partial class WorkflowInstance : TaskScheduler, IWorkflowContext
{
    private readonly WorkflowEnvironmentInfo environment;
    private readonly TaskFactory tasks;
    private readonly CancellationTokenSource cancellation = new();
    private readonly ILogger logger;
    private readonly ReplaySafeLogger replaySafeLogger;
    private readonly IReadOnlyList<Payload> startPayloads;
    private readonly Type[] failureTypes;
    private object?[]? startArgs;
    private object? instance;
    private Type[] dynamicFailureTypes = [];
    private WorkflowInboundInterceptor? inbound;
    private WorkflowOutboundInterceptor? outbound;
    private MetricMeter? meter;
    private DeterministicRandom random;
    private string currentDetails = string.Empty;
    private bool readOnly;

    public WorkflowInstance(WorkflowEnvironmentInfo environment, WorkflowDefinition definition, InitializeJob start, string runId, DateTime firstTaskTime)
    {
        this.environment = environment;
        Definition = definition;
        tasks = new TaskFactory(CancellationToken.None, TaskCreationOptions.None, TaskContinuationOptions.ExecuteSynchronously, this);
        var started = start.Started;
        var context = new ISerializationContext.Workflow(environment.Namespace, started.WorkflowId);
        var converter = environment.DataConverter.WithSerializationContext(context);
        PayloadConverter = converter.PayloadConverter;
        FailureConverter = converter.FailureConverter;
        startPayloads = started.Input is null ? [] : started.Input.Payloads_;
        initialMemo = started.Memo;
        initialSearchAttributes = started.SearchAttributes;
        random = new DeterministicRandom(start.Seed);
        signals = definition.Signals;
        queries = definition.Queries;
        updates = definition.Updates;
        VersioningBehavior = definition.VersioningBehavior;
        dynamicSignal = definition.DynamicSignal;
        dynamicQuery = definition.DynamicQuery;
        dynamicUpdate = definition.DynamicUpdate;
        failureTypes = [.. definition.FailureExceptionTypes ?? [], .. environment.FailureExceptionTypes];
        Info = WorkflowInfos.Create(environment, start, runId, firstTaskTime, PayloadConverter, FailureConverter);
        logger = environment.LoggerFactory.CreateLogger($"Temporalio.Workflow:{Info.WorkflowType}");
        replaySafeLogger = new ReplaySafeLogger(logger, this);
        watches = environment.WatchesScheduling;
        stackTraces = environment.StackTrace == WorkflowStackTrace.None ? null : new();
    }

    public WorkflowDefinition Definition { get; }

    public WorkflowInfo Info { get; }

    /// <summary>Whether what is done now is a repetition, for logs and metrics.</summary>
    public bool IsReplaying { get; private set; }

    public bool IsReplayingHistoryEvents => IsReplaying && !readOnly;

    public CancellationToken CancellationToken => cancellation.Token;

    public bool ContinueAsNewSuggested { get; private set; }

    public IReadOnlyCollection<SuggestContinueAsNewReason> SuggestedContinueAsNewReasons { get; private set; } = [];

    public bool TargetWorkerDeploymentVersionChanged { get; private set; }

    public WorkerDeploymentVersion? CurrentDeploymentVersion { get; private set; }

    public int CurrentHistoryLength { get; private set; }

    public int CurrentHistorySize { get; private set; }

    public DateTime UtcNow { get; private set; }

    public ILogger Logger => replaySafeLogger;

    public IPayloadConverter PayloadConverter { get; }

    public IFailureConverter FailureConverter { get; }

    public DeterministicRandom Random => random;

    /// <summary>What the workflow says of itself; unspecified: the worker's default.</summary>
    public Common.VersioningBehavior? VersioningBehavior { get; private set; }

    public MetricMeter MetricMeter => meter ??= new ReplaySafeMetricMeter(
        environment.MetricMeter.WithTags(new Dictionary<string, object>
        {
            ["namespace"] = Info.Namespace,
            ["task_queue"] = Info.TaskQueue,
            ["workflow_type"] = Info.WorkflowType,
        }),
        this);

    public string CurrentDetails
    {
        get => currentDetails;
        set
        {
            ThrowIfReadOnly("set current details");
            currentDetails = value;
        }
    }

    /// <summary>The object of the workflow class; its constructor runs on first use, as workflow code.</summary>
    public object Instance
    {
        get
        {
            if (instance is null)
            {
                instance = Definition.CreateWorkflowInstance(StartArgs);
                var options = Definition.DynamicOptionsGetter?.Invoke(instance);
                VersioningBehavior = options is { VersioningBehavior: not Common.VersioningBehavior.Unspecified } given ? given.VersioningBehavior : VersioningBehavior;
                if (options is { FailureExceptionTypes: { } types })
                {
                    dynamicFailureTypes = types;
                }
            }
            return instance;
        }
    }

    internal IPayloadConverter PayloadConverterWithoutContext => environment.DataConverter.PayloadConverter;

    private object?[] StartArgs => startArgs ??= Definition.Dynamic
        ? HandlerInvoker.DecodeDynamic(null, startPayloads)
        : Definition.RunInvoker.Decode(startPayloads, PayloadConverter, $"Workflow {Info.WorkflowType}");

    private WorkflowInboundInterceptor Inbound => inbound ?? Intercept();

    private WorkflowOutboundInterceptor Outbound
    {
        get
        {
            if (outbound is null)
            {
                Intercept();
            }
            return outbound!;
        }
    }

    public void ThrowIfReadOnly(string operation)
    {
        if (readOnly)
        {
            throw new InvalidOperationException($"Cannot {operation} in this context");
        }
    }

    internal void UseOutbound(WorkflowOutboundInterceptor chain) => outbound = chain;

    private WorkflowInboundInterceptor Intercept()
    {
        WorkflowInboundInterceptor chain = new WorkflowInbound(this);
        for (var i = environment.Interceptors.Count - 1; i >= 0; i--)
        {
            chain = environment.Interceptors[i].InterceptWorkflow(chain);
        }
        inbound = chain;
        chain.Init(new WorkflowOutbound(this));
        return chain;
    }

    private bool FailsWorkflow(Exception e) =>
        e is Exceptions.FailureException or OperationCanceledException ||
        Array.Exists(failureTypes, type => type.IsInstanceOfType(e)) ||
        Array.Exists(dynamicFailureTypes, type => type.IsInstanceOfType(e));
}
