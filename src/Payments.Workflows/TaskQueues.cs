namespace Payments.Workflows;

public static class TaskQueues
{
    /// <summary>Where payment and refund workflows and their activities run, unless <c>Payments:TaskQueue</c> says otherwise.</summary>
    public const string Payments = "payments";
}
