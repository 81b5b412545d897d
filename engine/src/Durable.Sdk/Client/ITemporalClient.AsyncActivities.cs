namespace Temporalio.Client;

public partial interface ITemporalClient
{
    /// <summary>By the token that the activity found in its info.</summary>
    AsyncActivityHandle GetAsyncActivityHandle(byte[] taskToken);

    AsyncActivityHandle GetAsyncActivityHandle(string workflowId, string runId, string activityId);
}
