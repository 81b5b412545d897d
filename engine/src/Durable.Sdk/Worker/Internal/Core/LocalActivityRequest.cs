using Temporalio.Api.Common.V1;
using Temporalio.Api.Sdk.V1;
using Temporalio.Workflows;

namespace Temporalio.Worker.Internal.Core;

/// <summary>A local activity to run.</summary>
internal sealed class LocalActivityRequest
{
    public required uint Seq { get; init; }

    public required string ActivityId { get; init; }

    public required string ActivityType { get; init; }

    public required IReadOnlyList<Payload> Arguments { get; init; }

    public IDictionary<string, Payload>? Headers { get; init; }

    public Temporalio.Api.Common.V1.RetryPolicy? RetryPolicy { get; init; }

    public TimeSpan? ScheduleToCloseTimeout { get; init; }

    public TimeSpan? ScheduleToStartTimeout { get; init; }

    public TimeSpan? StartToCloseTimeout { get; init; }

    /// <summary>Longer waits between attempts become timers. One minute unless the options say otherwise.</summary>
    public required TimeSpan LocalRetryThreshold { get; init; }

    public required ActivityCancellationType Cancellation { get; init; }

    public UserMetadata? Metadata { get; init; }

    /// <summary>From 1; higher after a back-off by timer.</summary>
    public required int Attempt { get; init; }

    /// <summary>When the first attempt was asked for; null until the worker starts it.</summary>
    public DateTime? OriginalScheduleTime { get; set; }
}
