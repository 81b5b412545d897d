using Temporalio.Api.Common.V1;
using Temporalio.Api.Failure.V1;

namespace Temporalio.Worker.Internal.Jobs;

/// <summary>How an activity ended: with a result, a failure, or, a local one, a wait before the next attempt.</summary>
internal sealed class ActivityResolution
{
    public required bool IsLocal { get; init; }

    /// <summary>The result; null with no failure and no back-off: none.</summary>
    public Payload? Result { get; set; }

    public Failure? Failure { get; set; }

    /// <summary>Schedule the local activity anew after this wait, kept by a timer.</summary>
    public LocalActivityBackoff? Backoff { get; init; }

    /// <summary>Made in this worker, so without the codec.</summary>
    public bool IsPlain { get; init; }
}
