using Temporalio.Workflows;

namespace Payments.Workflows;

public sealed partial class PaymentWorkflow
{
    public const string Submit = "Submit";
    public const string Withdraw = "Withdraw";

    /// <summary>
    /// Takes a request that nobody may be waiting for. It is in the history before the caller was told "accepted", so nothing acknowledged is lost. An
    /// update with the same key meets it in the registry. A refusal is kept for whoever asks.
    /// </summary>
    [WorkflowSignal(Submit)]
    public Task SubmitAsync(Submission submission)
    {
        ArgumentNullException.ThrowIfNull(submission);
        var (call, operation, refusal) = submission switch
        {
            { Create: { } create } => (create.Call, Create, PaymentRules.Create(state, keys, create.Call, Now)),
            { Refund: { } refund } => (refund.Call, Refund, PaymentRules.Refund(state, keys, refund.Call, Now)),
            { Cancel: { } cancel } => (cancel.Call, Cancel, PaymentRules.Cancel(state, keys, cancel.Call, Now)),
            _ => throw new InvalidOperationException("Bug: a submission without a request."),
        };
        if (refusal is not null)
        {
            Remember(Ids.PaymentIds.Update(operation, call.KeyHash, call.Fingerprint), refusal);
            return Task.CompletedTask;
        }
        _ = submission switch
        {
            { Create: { } create } => TakeCreate(create, submission.Delay),
            { Refund: { } refund } => TakeRefund(refund, submission.Delay),
            { Cancel: { } cancel } => TakeCancel(cancel, submission.Delay),
            _ => null,
        };
        return Task.CompletedTask;
    }

    /// <summary>
    /// Takes a request back by its invocation: a payment in flight is given up as by Cancel, a refund or cancellation that is not due yet never happens. What is
    /// under way at the gateway goes on to its end.
    /// </summary>
    [WorkflowSignal(Withdraw)]
    public Task WithdrawAsync(string keyHash)
    {
        if (works.TryGetValue(keyHash, out var work) && keys.Find(keyHash) is { } entry)
        {
            if (work.Create is not null)
            {
                Run(GiveUpAsync);
            }
            else if (work.Due > Now)
            {
                Finish(entry, OutcomeCodes.InvocationCancelled, "The invocation was cancelled before it was due.");
                ShowToSearch();
            }
        }
        return Task.CompletedTask;
    }

    private void Remember(string updateId, Refusal refusal)
    {
        if (refusals.TryAdd(updateId, refusal))
        {
            refusalOrder.Enqueue(updateId);
            if (refusalOrder.Count > PaymentTimeouts.RefusalsKept)
            {
                refusals.Remove(refusalOrder.Dequeue());
            }
        }
    }
}
