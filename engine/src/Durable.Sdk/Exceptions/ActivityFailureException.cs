using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;

namespace Temporalio.Exceptions;

/// <summary>An activity did not complete; the inner exception says why.</summary>
public class ActivityFailureException : FailureException
{
    protected internal ActivityFailureException(Failure failure, Exception? inner)
        : base(failure, inner)
    {
        if (failure.ActivityFailureInfo is null)
        {
            throw new ArgumentException("No activity failure info");
        }
    }

    public new Failure Failure => base.Failure!;

    public string ActivityType => Failure.ActivityFailureInfo.ActivityType.Name;

    public string ActivityId => Failure.ActivityFailureInfo.ActivityId;

    /// <summary>Of the worker that ran the last attempt.</summary>
    public string? Identity => Failure.ActivityFailureInfo.Identity is { Length: > 0 } identity ? identity : null;

    /// <summary>Why there was no further attempt.</summary>
    public RetryState RetryState => Failure.ActivityFailureInfo.RetryState;
}
