using Temporalio.Api.Common.V1;
using Temporalio.Api.Failure.V1;

namespace Temporalio.Worker.Internal.Core;

/// <summary>How a local activity ended, live or read from a marker.</summary>
internal sealed record LocalActivityOutcome
{
    public required LocalActivityOutcomeKind Kind { get; init; }

    public Payload? Result { get; init; }

    public Failure? Failure { get; init; }

    /// <summary>The attempt that ended.</summary>
    public required int Attempt { get; init; }

    /// <summary>The wait before the next attempt, too long to be spent inside the workflow task.</summary>
    public TimeSpan? Backoff { get; init; }

    public DateTime? OriginalScheduleTime { get; init; }

    /// <summary>In workflow time.</summary>
    public DateTime? CompleteTime { get; init; }

    /// <summary>Made in this worker, so without the codec.</summary>
    public bool IsPlain { get; init; }
}
