using System.Collections.Concurrent;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Temporalio.Activities;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Common;
using Temporalio.Converters;
using Temporalio.Exceptions;
using Temporalio.Worker.Interceptors;
using Temporalio.Worker.Internal.Language;
using Temporalio.Worker.Internal.Runs;

namespace Temporalio.Worker.Internal.Activities;

/// <summary>Runs attempts of activities and tells the server how they ended.</summary>
internal sealed partial class ActivityWorker
{
    private static readonly KeyValuePair<string, object> FailureReason = new("failure_reason", "ActivityError");

    private readonly WorkerIdentity identity;
    private readonly Func<IWorkerClient> client;
    private readonly TemporalWorkerOptions options;
    private readonly IReadOnlyList<IWorkerInterceptor> interceptors;
    private readonly ILogger logger;
    private readonly ILoggerFactory loggers;
    private readonly Dictionary<string, ActivityDefinition> definitions = new(StringComparer.Ordinal);
    private readonly ActivityDefinition? dynamic;
    private readonly ConcurrentDictionary<RunningActivity, byte> running = new();
    private readonly CancellationTokenSource shutdown = new();
    private readonly MetricMeter meter;
    private readonly TimeProvider clock;
    private volatile bool cancelsAll;

    /// <exception cref="ArgumentException">Two activities of one name, or two dynamic ones.</exception>
    public ActivityWorker(
        WorkerIdentity identity, Func<IWorkerClient> client, TemporalWorkerOptions options, IReadOnlyList<IWorkerInterceptor> interceptors, ILoggerFactory loggers,
        MetricMeter meter, TimeProvider clock)
    {
        this.identity = identity;
        this.client = client;
        this.options = options;
        this.interceptors = interceptors;
        this.loggers = loggers;
        this.meter = meter;
        this.clock = clock;
        logger = loggers.CreateLogger("Temporalio.Worker.ActivityWorker");
        foreach (var definition in options.Activities)
        {
            if (definition.Name is null)
            {
                dynamic = dynamic is null ? definition : throw new ArgumentException("Multiple dynamic activities provided");
            }
            else if (!definitions.TryAdd(definition.Name, definition))
            {
                throw new ArgumentException($"Duplicate activity named {definition.Name}");
            }
        }
    }

    /// <exception cref="InvalidOperationException">No activity of the worker has the name.</exception>
    public void Check(string name)
    {
        if (DefinitionOf(name) is null)
        {
            throw new InvalidOperationException(NotRegistered(name));
        }
    }

    /// <summary>Tells activities that the worker wants to stop.</summary>
    public void NotifyShutdown() => shutdown.Cancel();

    /// <summary>Cancels what still runs, and what may still come from polls that are being answered. It is reported as failed, so that another worker
    /// takes it up. Local activities go on: their end is recorded, and a workflow must not be told of a cancellation that nobody asked for.</summary>
    public void CancelAll()
    {
        cancelsAll = true;
        foreach (var activity in running.Keys)
        {
            if (!activity.IsLocal)
            {
                activity.Cancel(ActivityCancelReason.WorkerShutdown);
            }
        }
    }

    /// <summary>Runs an attempt that the server gave, to its report.</summary>
    /// <param name="isEager">Whether it came with the answer to a workflow task, not by a poll.</param>
    public async Task RunAsync(PollActivityTaskQueueResponse task, bool isEager)
    {
        var context = new ISerializationContext.Activity(
            task.WorkflowNamespace is { Length: > 0 } ns ? ns : identity.Namespace,
            task.ActivityId,
            task.WorkflowExecution?.WorkflowId,
            task.WorkflowType?.Name,
            task.ActivityType.Name,
            identity.TaskQueue,
            IsLocal: false);
        var converter = client().Options.DataConverter.WithSerializationContext(context);
        var info = ActivityInfos.Of(task, identity, converter);
        using var activity = new RunningActivity(identity, options, task.TaskToken, info, converter, clock);
        running.TryAdd(activity, 0);
        if (cancelsAll)
        {
            activity.Cancel(ActivityCancelReason.WorkerShutdown);
        }
        try
        {
            var metrics = identity.Metrics;
            var tags = metrics.Activity(info.ActivityType, info.WorkflowType);
            metrics.Sdk.ActivityTaskReceived.Add(1, [.. tags, new("eager", isEager)]);
            metrics.Sdk.ActivityScheduleToStartLatency.Record(info.StartedTime - info.CurrentAttemptScheduledTime, metrics.Queue);
            IReadOnlyList<Payload> input = task.Input is null ? [] : task.Input.Payloads_;
            var began = TimeProvider.System.GetTimestamp();
            Func<Task<(Payload? Result, Exception? Exception)>> execute = () => ExecuteAsync(activity, info, input, task.Header?.Fields, converter, converter.PayloadCodec);
            var outcome = await (HasOwnFactory ? options.ActivityTaskFactory.StartNew(execute).Unwrap() : execute()).ConfigureAwait(false);
            metrics.Sdk.ActivityExecutionLatency.Record(TimeProvider.System.GetElapsedTime(began), tags);
            switch (outcome.Exception)
            {
                case null:
                    metrics.Sdk.ActivitySucceedEndToEndLatency.Record(DateTime.UtcNow - info.ScheduledTime, tags);
                    break;
                case not (CompleteAsyncException or OperationCanceledException or ApplicationFailureException { Category: ApplicationErrorCategory.Benign }):
                    metrics.Sdk.ActivityExecutionFailed.Add(1, [.. tags, FailureReason]);
                    break;
            }
            await ReportAsync(activity, task, outcome, converter).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The server gives the attempt up after its timeout and retries it.
            ActivityLog.ReportFailed(logger, e, info.ActivityType, info.ActivityId);
        }
        finally
        {
            running.TryRemove(activity, out _);
        }
    }

    /// <summary>Runs an attempt of a local activity. Nothing goes to the server, and the codec is not between.</summary>
    public async Task<LocalActivityAttemptResult> RunLocalAsync(LocalActivityAttempt attempt, CancellationToken cancellationToken)
    {
        var context = new ISerializationContext.Activity(
            identity.Namespace, attempt.Request.ActivityId, attempt.Workflow.WorkflowId, attempt.Workflow.WorkflowType, attempt.Request.ActivityType,
            identity.TaskQueue, IsLocal: true);
        var converter = client().Options.DataConverter.WithSerializationContext(context);
        var info = ActivityInfos.Of(attempt, identity, converter);
        using var activity = new RunningActivity(identity, options, ByteString.Empty, info, converter, clock);
        await using var registration = cancellationToken.Register(() => activity.Cancel(ActivityCancelReason.CancelRequested)).ConfigureAwait(false);
        running.TryAdd(activity, 0);
        try
        {
            var metrics = identity.Metrics;
            var tags = metrics.Activity(info.ActivityType, info.WorkflowType);
            metrics.Sdk.LocalActivityTotal.Add(1, tags);
            var began = TimeProvider.System.GetTimestamp();
            var headers = attempt.Request.Headers is null ? null : new Dictionary<string, Payload>(attempt.Request.Headers);
            Func<Task<(Payload? Result, Exception? Exception)>> execute = () => ExecuteAsync(activity, info, attempt.Request.Arguments, headers, converter, codec: null);
            // Asynchronous ones run here up to their first wait; the others block a thread that is theirs to block.
            var isAsync = DefinitionOf(info.ActivityType) is { } definition && typeof(Task).IsAssignableFrom(definition.ReturnType);
            var outcome = await (HasOwnFactory || !isAsync ? options.ActivityTaskFactory.StartNew(execute).Unwrap() : execute()).ConfigureAwait(false);
            metrics.Sdk.LocalActivityExecutionLatency.Record(TimeProvider.System.GetElapsedTime(began), tags);
            switch (outcome.Exception)
            {
                case null:
                    metrics.Sdk.LocalActivitySucceedEndToEndLatency.Record(DateTime.UtcNow - info.ScheduledTime, tags);
                    break;
                case OperationCanceledException when activity.Reason is not ActivityCancelReason.None:
                    metrics.Sdk.LocalActivityExecutionCancelled.Add(1, tags);
                    break;
                case not ApplicationFailureException { Category: ApplicationErrorCategory.Benign }:
                    metrics.Sdk.LocalActivityExecutionFailed.Add(1, [.. tags, FailureReason]);
                    break;
            }
            return outcome.Exception switch
            {
                null => new(outcome.Result, null),
                OperationCanceledException when activity.Reason is not ActivityCancelReason.None =>
                    new(null, new Failure { Message = "Cancelled", CanceledFailureInfo = new() }),
                var e => new(null, converter.FailureConverter.ToFailure(e, converter.PayloadConverter)),
            };
        }
        finally
        {
            running.TryRemove(activity, out _);
        }
    }

    /// <summary>Whether the application runs activities in a way of its own; otherwise they run on the pool, where they are started.</summary>
    private bool HasOwnFactory =>
        options.ActivityTaskFactory is { CreationOptions: not TaskCreationOptions.None } ||
        (options.ActivityTaskFactory.Scheduler is { } scheduler && scheduler != TaskScheduler.Default);

    private ActivityDefinition? DefinitionOf(string name) => definitions.GetValueOrDefault(name) ?? dynamic;

    private string NotRegistered(string name) =>
        $"Activity {name} is not registered on this worker, available activities: {string.Join(", ", definitions.Keys.Order(StringComparer.Ordinal))}";

    /// <param name="codec">Null: there is none, or it is not between.</param>
    private async Task<(Payload? Result, Exception? Exception)> ExecuteAsync(
        RunningActivity activity, ActivityInfo info, IReadOnlyList<Payload> input, IReadOnlyDictionary<string, Payload>? headers, DataConverter converter, IPayloadCodec? codec)
    {
        var activityLogger = loggers.CreateLogger($"Temporalio.Activity:{info.ActivityType}");
        using var scope = activityLogger.IsEnabled(LogLevel.Critical) ? activityLogger.BeginScope(ActivityInfos.LogScope(info)) : null;
        try
        {
            var context = new ActivityExecutionContext(
                info,
                activity.Token,
                shutdown.Token,
                activityLogger,
                converter.PayloadConverter,
                () => meter.WithTags(new Dictionary<string, object>
                {
                    ["namespace"] = info.Namespace,
                    ["task_queue"] = info.TaskQueue,
                    ["activity_type"] = info.ActivityType,
                }),
                client() is ITemporalClient temporal ? () => temporal : null);
            activity.Context = context;
            ActivityExecutionContext.CurrentOrNull = context;

            var definition = DefinitionOf(info.ActivityType) ?? throw new ApplicationFailureException(NotRegistered(info.ActivityType), errorType: "NotFoundError");
            var args = await DecodeAsync(definition, info.ActivityType, input, converter.PayloadConverter, codec).ConfigureAwait(false);
            headers = await DecodeAsync(codec, headers).ConfigureAwait(false);
            var root = new ActivityInbound();
            ActivityInboundInterceptor inbound = root;
            for (var i = interceptors.Count - 1; i >= 0; i--)
            {
                inbound = interceptors[i].InterceptActivity(inbound);
            }
            inbound.Init(new ActivityOutbound(activity));
            context.Heartbeater = details => root.Outbound!.Heartbeat(new(details));
            var result = await inbound.ExecuteActivityAsync(new(definition, args, headers)).ConfigureAwait(false);
            // What an interceptor gives for "nothing" may be an empty structure; what a task without result gives is kept as it is.
            var payload = converter.PayloadConverter.ToPayload(result is ValueTuple && !ReferenceEquals(result, TaskResult.Nothing) ? null : result);
            return (codec is null ? payload : await codec.EncodeSingleAsync(payload).ConfigureAwait(false), null);
        }
        catch (Exception e)
        {
            // Whatever an activity throws is its outcome.
            return (null, e);
        }
        finally
        {
            activity.End();
            ActivityExecutionContext.CurrentOrNull = null;
        }
    }

    private static async ValueTask<IReadOnlyDictionary<string, Payload>?> DecodeAsync(IPayloadCodec? codec, IReadOnlyDictionary<string, Payload>? headers)
    {
        if (codec is null || headers is null || headers.Count == 0)
        {
            return headers;
        }
        var decoded = new Dictionary<string, Payload>(headers.Count);
        foreach (var (name, payload) in headers)
        {
            decoded[name] = await codec.DecodeSingleAsync(payload).ConfigureAwait(false);
        }
        return decoded;
    }

    private static async ValueTask<object?[]> DecodeAsync(
        ActivityDefinition definition, string name, IReadOnlyList<Payload> input, IPayloadConverter converter, IPayloadCodec? codec)
    {
        try
        {
            if (codec is not null && input.Count > 0)
            {
                input = [.. await codec.DecodeAsync(input).ConfigureAwait(false)];
            }
            if (definition.Dynamic)
            {
                return HandlerInvoker.DecodeDynamic(null, input);
            }
            if (input.Count < definition.RequiredParameterCount)
            {
                throw new ApplicationFailureException($"Activity {name} given {input.Count} parameter(s), but more than that are required by the signature");
            }
            return definition.ParameterTypes.Take(input.Count).Select((type, i) => converter.ToValue(input[i], type)).ToArray();
        }
        catch (Exception e)
        {
            throw new ApplicationFailureException("Failed decoding parameters", e);
        }
    }
}
