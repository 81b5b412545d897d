using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;

namespace Durable.Server.Executions;

/// <summary>Retry arithmetic of activities and workflows.</summary>
public static class Retries
{
    /// <summary>Temporal's defaults for fields that are not set: 1 s, doubling, up to 100 times the first interval, for ever.</summary>
    public static RetryPolicy Complete(RetryPolicy? policy)
    {
        var complete = policy?.Clone() ?? new RetryPolicy();
        // A policy of one attempt is not checked: its intervals are never used.
        complete.InitialInterval = Sane(complete.InitialInterval);
        complete.MaximumInterval = Sane(complete.MaximumInterval);
        if (complete.InitialInterval is null || complete.InitialInterval.ToTimeSpan() == TimeSpan.Zero)
        {
            complete.InitialInterval = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromSeconds(1));
        }
        if (complete.BackoffCoefficient == 0)
        {
            complete.BackoffCoefficient = 2;
        }
        if (complete.MaximumInterval is null || complete.MaximumInterval.ToTimeSpan() == TimeSpan.Zero)
        {
            complete.MaximumInterval = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(
                complete.InitialInterval.ToTimeSpan() < Durations.Longest / 100 ? complete.InitialInterval.ToTimeSpan() * 100 : Durations.Longest);
        }
        return complete;
    }

    private static Google.Protobuf.WellKnownTypes.Duration? Sane(Google.Protobuf.WellKnownTypes.Duration? interval) =>
        Durations.CheckAndCap(interval) is null ? interval : null;

    /// <returns>What is wrong with it, in the genuine server's words; null when it is fine.</returns>
    public static string? Check(RetryPolicy? policy)
    {
        if (policy is null || policy.MaximumAttempts == 1)
        {
            return null;
        }
        if (Durations.CheckAndCap(policy.InitialInterval) is not null)
        {
            return "InitialInterval cannot be negative on retry policy.";
        }
        if (policy.BackoffCoefficient != 0 && policy.BackoffCoefficient < 1)
        {
            return "BackoffCoefficient cannot be less than 1 on retry policy.";
        }
        if (Durations.CheckAndCap(policy.MaximumInterval) is not null)
        {
            return "MaximumInterval cannot be negative on retry policy.";
        }
        var initial = policy.InitialInterval?.ToTimeSpan() ?? TimeSpan.Zero;
        var maximum = policy.MaximumInterval?.ToTimeSpan() ?? TimeSpan.Zero;
        if (maximum > TimeSpan.Zero && maximum < initial)
        {
            return "MaximumInterval cannot be less than InitialInterval on retry policy.";
        }
        return policy.MaximumAttempts < 0 ? "MaximumAttempts cannot be negative on retry policy." : null;
    }

    /// <summary>Only the outermost failure counts.</summary>
    public static bool IsRetryable(Failure failure, RetryPolicy policy)
    {
        switch (failure.FailureInfoCase)
        {
            case Failure.FailureInfoOneofCase.CanceledFailureInfo:
            case Failure.FailureInfoOneofCase.TerminatedFailureInfo:
                return false;
            case Failure.FailureInfoOneofCase.TimeoutFailureInfo:
                var type = failure.TimeoutFailureInfo.TimeoutType;
                return type is TimeoutType.StartToClose or TimeoutType.Heartbeat && !policy.NonRetryableErrorTypes.Contains($"TemporalTimeout:{type}");
            case Failure.FailureInfoOneofCase.ServerFailureInfo:
                return !failure.ServerFailureInfo.NonRetryable;
            case Failure.FailureInfoOneofCase.ApplicationFailureInfo:
                return !failure.ApplicationFailureInfo.NonRetryable && !policy.NonRetryableErrorTypes.Contains(failure.ApplicationFailureInfo.Type);
            default:
                return true;
        }
    }

    /// <summary>The wait after attempt <paramref name="attempt"/>; the failure's own delay wins and is not capped.</summary>
    public static TimeSpan Interval(RetryPolicy policy, int attempt, Failure? failure)
    {
        if (failure?.ApplicationFailureInfo?.NextRetryDelay is { } next)
        {
            return Durations.Within(next, Durations.Longest);
        }
        var initial = policy.InitialInterval.ToTimeSpan();
        var maximum = policy.MaximumInterval?.ToTimeSpan() ?? TimeSpan.Zero;
        var seconds = initial.TotalSeconds * Math.Pow(policy.BackoffCoefficient, attempt - 1);
        var cap = maximum > TimeSpan.Zero ? maximum.TotalSeconds : TimeSpan.FromDays(3650).TotalSeconds;
        return TimeSpan.FromSeconds(double.IsFinite(seconds) ? Math.Min(seconds, cap) : cap);
    }
}
