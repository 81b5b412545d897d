namespace Temporalio.Workflows;

/// <summary>What a child workflow call does when its token is cancelled.</summary>
public enum ChildWorkflowCancellationType
{
    /// <summary>Throw at once and tell nobody.</summary>
    Abandon = 0,

    /// <summary>Ask for cancellation and throw at once.</summary>
    TryCancel = 1,

    /// <summary>Ask for cancellation and wait for how the child ends.</summary>
    WaitCancellationCompleted = 2,

    /// <summary>Ask for cancellation. Like the official SDK this waits for the end of the child, not for the delivery of the request.</summary>
    WaitCancellationRequested = 3,
}
