using System.Text.Json.Serialization;
using Temporalio.Api.Common.V1;
using Temporalio.Converters;
using Priority = Temporalio.Common.Priority;
using RetryPolicy = Temporalio.Common.RetryPolicy;

namespace Temporalio.Activities;

/// <summary>What an attempt of an activity knows about itself.</summary>
/// <param name="HeartbeatDetails">What the attempt before said last.</param>
/// <param name="TaskToken">Names this attempt to the server; empty for a local activity.</param>
public record ActivityInfo(
    string ActivityId,
    string ActivityType,
    int Attempt,
    DateTime CurrentAttemptScheduledTime,
    [property: JsonIgnore] DataConverter DataConverter,
    IReadOnlyCollection<Payload> HeartbeatDetails,
    TimeSpan? HeartbeatTimeout,
    bool IsLocal,
    string Namespace,
    Priority Priority,
    RetryPolicy? RetryPolicy,
    TimeSpan? ScheduleToCloseTimeout,
    DateTime ScheduledTime,
    TimeSpan? StartToCloseTimeout,
    DateTime StartedTime,
    string TaskQueue,
    byte[] TaskToken,
    string? WorkflowId,
    string? WorkflowNamespace,
    string? WorkflowRunId,
    string? WorkflowType)
{
    public bool IsWorkflowActivity => WorkflowId is not null;

    /// <summary>One of <see cref="HeartbeatDetails"/>, through codec and converter.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public async Task<T> HeartbeatDetailAtAsync<T>(int index)
    {
        var payload = HeartbeatDetails.ElementAt(index);
        if (DataConverter.PayloadCodec is { } codec)
        {
            payload = (await codec.DecodeAsync([payload]).ConfigureAwait(false)).Single();
        }
        return DataConverter.PayloadConverter.ToValue<T>(payload);
    }
}
