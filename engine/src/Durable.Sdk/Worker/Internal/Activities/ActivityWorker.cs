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
    private readonly WorkerIdentity identity;
    private readonly IWorkerClient client;
    private readonly TemporalWorkerOptions options;
    private readonly IReadOnlyList<IWorkerInterceptor> interceptors;
    private readonly ILogger logger;
    private readonly ILoggerFactory loggers;
    private readonly Dictionary<string, ActivityDefinition> definitions = new(StringComparer.Ordinal);
    private readonly ActivityDefinition? dynamic;
    private readonly ConcurrentDictionary<RunningActivity, byte> running = new();
    private readonly CancellationTokenSource shutdown = new();
    private readonly MetricMeter meter;

    /// <exception cref="ArgumentException">Two activities of one name, or two dynamic ones.</exception>
    public ActivityWorker(
        WorkerIdentity identity, IWorkerClient client, TemporalWorkerOptions options, IReadOnlyList<IWorkerInterceptor> interceptors, ILoggerFactory loggers,
        MetricMeter meter)
    {
        this.identity = identity;
        this.client = client;
        this.options = options;
        this.interceptors = interceptors;
        this.loggers = loggers;
        this.meter = meter;
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

    public bool Knows(string name) => dynamic is not null || definitions.ContainsKey(name);

    /// <summary>Tells activities that the worker wants to stop.</summary>
    public void NotifyShutdown() => shutdown.Cancel();

    /// <summary>Cancels what still runs. It is reported as failed, so that another worker takes it up.</summary>
    public void CancelAll()
    {
        foreach (var activity in running.Keys)
        {
            activity.Cancel(ActivityCancelReason.WorkerShutdown);
        }
    }

    /// <summary>Runs an attempt that the server gave, to its report.</summary>
    public async Task RunAsync(PollActivityTaskQueueResponse task)
    {
        var context = new ISerializationContext.Activity(
            task.WorkflowNamespace is { Length: > 0 } ns ? ns : identity.Namespace,
            task.ActivityId,
            task.WorkflowExecution?.WorkflowId,
            task.WorkflowType?.Name,
            task.ActivityType.Name,
            identity.TaskQueue,
            IsLocal: false);
        var converter = client.Options.DataConverter.WithSerializationContext(context);
        var info = ActivityInfos.Of(task, identity, converter);
        using var activity = new RunningActivity(identity, options, task.TaskToken, info, converter, shutdown.Token);
        running.TryAdd(activity, 0);
        try
        {
            var metrics = identity.Metrics;
            var tags = metrics.Activity(info.ActivityType);
            metrics.Sdk.ActivityTaskReceived.Add(1, tags);
            metrics.Sdk.ActivityScheduleToStartLatency.Record(info.StartedTime - info.CurrentAttemptScheduledTime, tags);
            var codec = converter.PayloadCodec;
            IReadOnlyList<Payload> input = task.Input is null ? [] : task.Input.Payloads_;
            if (codec is not null && input.Count > 0)
            {
                input = [.. await codec.DecodeAsync(input).ConfigureAwait(false)];
            }
            var headers = await DecodeAsync(codec, task.Header?.Fields).ConfigureAwait(false);
            var began = TimeProvider.System.GetTimestamp();
            var outcome = await ExecuteAsync(activity, info, input, headers, converter).ConfigureAwait(false);
            metrics.Sdk.ActivityExecutionLatency.Record(TimeProvider.System.GetElapsedTime(began), tags);
            switch (outcome.Exception)
            {
                case null:
                    metrics.Sdk.ActivitySucceedEndToEndLatency.Record(DateTime.UtcNow - info.ScheduledTime, tags);
                    break;
                case not (CompleteAsyncException or OperationCanceledException or ApplicationFailureException { Category: ApplicationErrorCategory.Benign }):
                    metrics.Sdk.ActivityExecutionFailed.Add(1, tags);
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
        var converter = client.Options.DataConverter.WithSerializationContext(context);
        var info = ActivityInfos.Of(attempt, identity, converter);
        using var activity = new RunningActivity(identity, options, ByteString.Empty, info, converter, shutdown.Token);
        await using var registration = cancellationToken.Register(() => activity.Cancel(ActivityCancelReason.CancelRequested)).ConfigureAwait(false);
        running.TryAdd(activity, 0);
        try
        {
            var metrics = identity.Metrics;
            var tags = metrics.Activity(info.ActivityType);
            metrics.Sdk.LocalActivityTotal.Add(1, tags);
            var began = TimeProvider.System.GetTimestamp();
            var headers = attempt.Request.Headers is null ? null : new Dictionary<string, Payload>(attempt.Request.Headers);
            var outcome = await ExecuteAsync(activity, info, attempt.Request.Arguments, headers, converter).ConfigureAwait(false);
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
                    metrics.Sdk.LocalActivityExecutionFailed.Add(1, tags);
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

    private async Task<(Payload? Result, Exception? Exception)> ExecuteAsync(
        RunningActivity activity, ActivityInfo info, IReadOnlyList<Payload> input, IReadOnlyDictionary<string, Payload>? headers, DataConverter converter)
    {
        try
        {
            var definition = definitions.GetValueOrDefault(info.ActivityType) ?? dynamic ??
                throw new ApplicationFailureException(
                    $"Activity {info.ActivityType} is not registered on this worker, available activities: {string.Join(", ", definitions.Keys.Order(StringComparer.Ordinal))}",
                    errorType: "NotFoundError");
            var args = Decode(definition, info.ActivityType, input, converter.PayloadConverter);
            var context = new ActivityExecutionContext(
                info,
                activity.Token,
                shutdown.Token,
                loggers.CreateLogger($"Temporalio.Activity:{info.ActivityType}"),
                converter.PayloadConverter,
                () => meter.WithTags(new Dictionary<string, object>
                {
                    ["namespace"] = info.Namespace,
                    ["task_queue"] = info.TaskQueue,
                    ["activity_type"] = info.ActivityType,
                }),
                client is ITemporalClient temporal ? () => temporal : null);
            activity.Context = context;

            var root = new ActivityInbound(options.ActivityTaskFactory);
            ActivityInboundInterceptor inbound = root;
            for (var i = interceptors.Count - 1; i >= 0; i--)
            {
                inbound = interceptors[i].InterceptActivity(inbound);
            }
            ActivityExecutionContext.CurrentOrNull = context;
            inbound.Init(new ActivityOutbound(activity));
            context.Heartbeater = details => root.Outbound!.Heartbeat(new(details));
            var result = await inbound.ExecuteActivityAsync(new(definition, args, headers)).ConfigureAwait(false);
            return (converter.PayloadConverter.ToPayload(result), null);
        }
        catch (Exception e)
        {
            // Whatever an activity throws is its outcome.
            return (null, e);
        }
        finally
        {
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

    private static object?[] Decode(ActivityDefinition definition, string name, IReadOnlyList<Payload> input, IPayloadConverter converter)
    {
        if (definition.Dynamic)
        {
            return HandlerInvoker.DecodeDynamic(null, input);
        }
        if (input.Count < definition.RequiredParameterCount)
        {
            throw new ApplicationFailureException(
                $"Activity {name} given {input.Count} parameter(s), but more than that are required by the signature");
        }
        try
        {
            return definition.ParameterTypes.Take(input.Count).Select((type, i) => converter.ToValue(input[i], type)).ToArray();
        }
        catch (Exception e)
        {
            throw new ApplicationFailureException($"Activity {name} had failure decoding parameters", e);
        }
    }
}
