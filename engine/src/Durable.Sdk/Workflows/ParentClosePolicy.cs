namespace Temporalio.Workflows;

/// <summary>What happens to a child when its parent closes.</summary>
public enum ParentClosePolicy
{
    /// <summary>The server decides: terminate.</summary>
    None = 0,

    Terminate = 1,

    Abandon = 2,

    RequestCancel = 3,
}
