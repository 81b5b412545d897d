using Microsoft.Extensions.Logging;
using Temporalio.Client;
using Temporalio.Common;
using Temporalio.Converters;

namespace Temporalio.Activities;

/// <summary>What a running activity can ask and say. Flows with its asynchronous calls.</summary>
public class ActivityExecutionContext
{
    private static readonly AsyncLocal<ActivityExecutionContext?> Local = new();

    private readonly Lazy<MetricMeter> meter;
    private readonly Func<ITemporalClient>? client;

    internal ActivityExecutionContext(
        ActivityInfo info,
        CancellationToken cancellationToken,
        CancellationToken workerShutdownToken,
        ILogger logger,
        IPayloadConverter payloadConverter,
        Func<MetricMeter> meter,
        Func<ITemporalClient>? client)
    {
        Info = info;
        CancellationToken = cancellationToken;
        WorkerShutdownToken = workerShutdownToken;
        Logger = logger;
        PayloadConverter = payloadConverter;
        this.meter = new(meter);
        this.client = client;
    }

    /// <exception cref="InvalidOperationException">Not in an activity.</exception>
    public static ActivityExecutionContext Current => Local.Value ?? throw new InvalidOperationException("No current context");

    public static bool HasCurrent => Local.Value is not null;

    public ActivityInfo Info { get; }

    /// <summary>Cancelled when the attempt is not wanted any more. Requests of the server arrive with heartbeats only.</summary>
    public CancellationToken CancellationToken { get; }

    public ActivityCancelReason CancelReason { get; internal set; }

    /// <summary>Null: not cancelled.</summary>
    public ActivityCancellationDetails? CancellationDetails { get; internal set; }

    /// <summary>Cancelled when the worker begins to stop, before the grace time.</summary>
    public CancellationToken WorkerShutdownToken { get; }

    public ILogger Logger { get; }

    public IPayloadConverter PayloadConverter { get; }

    public MetricMeter MetricMeter => meter.Value;

    /// <summary>The worker's client.</summary>
    /// <exception cref="InvalidOperationException">There is none, in a test.</exception>
    public ITemporalClient TemporalClient =>
        client?.Invoke() ?? throw new InvalidOperationException("Temporal client is not available");

    internal Action<object?[]>? Heartbeater { get; set; }

    internal static ActivityExecutionContext? CurrentOrNull
    {
        get => Local.Value;
        set => Local.Value = value;
    }

    /// <summary>Says that the attempt is alive, with details for the next one. Sent at most as often as the worker's throttle lets through.</summary>
    public void Heartbeat(params object?[] details) => Heartbeater?.Invoke(details);
}
