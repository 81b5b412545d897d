using Temporalio.Api.Activity.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client.Internal;
using Temporalio.Common;
using Temporalio.Converters;
using Temporalio.Worker.Internal.Language;

namespace Temporalio.Client;

/// <summary>What describe says of an activity without a workflow. Times are UTC.</summary>
public class ActivityExecutionDescription : ActivityExecution
{
    private readonly DataConverter converter;
    private readonly ActivityExecutionInfo info;

    protected internal ActivityExecutionDescription(DescribeActivityExecutionResponse rawDescription, string clientNamespace, DataConverter dataConverter)
        : base(rawDescription.Info, clientNamespace)
    {
        converter = dataConverter;
        info = rawDescription.Info;
        LongPollToken = rawDescription.LongPollToken.IsEmpty ? null : rawDescription.LongPollToken.ToByteArray();
    }

    public int Attempt => info.Attempt;

    /// <summary>Why its cancellation was requested.</summary>
    public string? CanceledReason => Text(info.CanceledReason);

    public TimeSpan? CurrentRetryInterval => info.CurrentRetryInterval?.ToTimeSpan();

    public DateTime? ExpirationTime => info.ExpirationTime?.ToDateTime();

    public TimeSpan? HeartbeatTimeout => info.HeartbeatTimeout?.ToTimeSpan();

    public DateTime? LastAttemptCompleteTime => info.LastAttemptCompleteTime?.ToDateTime();

    public DateTime? LastHeartbeatTime => info.LastHeartbeatTime?.ToDateTime();

    public DateTime? LastStartedTime => info.LastStartedTime?.ToDateTime();

    public string? LastWorkerIdentity => Text(info.LastWorkerIdentity);

    /// <summary>For <see cref="ActivityDescribeOptions.LongPollToken"/>.</summary>
    public byte[]? LongPollToken { get; }

    public DateTime? NextAttemptScheduleTime => info.NextAttemptScheduleTime?.ToDateTime();

    public RetryPolicy? RetryPolicy => Protos.RetryPolicy(info.RetryPolicy);

    public PendingActivityState RunState => info.RunState;

    public TimeSpan? ScheduleToCloseTimeout => info.ScheduleToCloseTimeout?.ToTimeSpan();

    public TimeSpan? ScheduleToStartTimeout => info.ScheduleToStartTimeout?.ToTimeSpan();

    public TimeSpan? StartToCloseTimeout => info.StartToCloseTimeout?.ToTimeSpan();

    public Task<string?> GetStaticSummaryAsync() => converter.TextAsync(info.UserMetadata?.Summary);

    public Task<string?> GetStaticDetailsAsync() => converter.TextAsync(info.UserMetadata?.Details);

    private static string? Text(string text) => text.Length == 0 ? null : text;
}
