namespace Temporalio.Workflows;

/// <summary>What an activity call does when its token is cancelled.</summary>
public enum ActivityCancellationType
{
    /// <summary>Ask the server to cancel, and throw at once without waiting for the activity.</summary>
    TryCancel = 0,

    /// <summary>Ask the server to cancel and wait for how the activity ends.</summary>
    WaitCancellationCompleted = 1,

    /// <summary>Throw at once and tell nobody; the activity runs on.</summary>
    Abandon = 2,
}
