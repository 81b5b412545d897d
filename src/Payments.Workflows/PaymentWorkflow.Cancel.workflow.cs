using Payments.Ids;
using Temporalio.Workflows;

namespace Payments.Workflows;

public sealed partial class PaymentWorkflow
{
    public const string Cancel = "Cancel";

    /// <summary>Gives the payment up if it is not captured. The gateway voids its key first, so that no late request can charge it.</summary>
    [WorkflowUpdate(Cancel, UnfinishedPolicy = HandlerUnfinishedPolicy.Abandon)]
    public Task<PaymentOutcome> CancelAsync(CancelCommand command) => OutcomeOfAsync(TakeCancel(command, TimeSpan.Zero));

    [WorkflowUpdateValidator(nameof(CancelAsync))]
    public void ValidateCancel(CancelCommand command) => Throw(PaymentRules.Cancel(state, keys, command.Call, Now));

    private KeyEntry TakeCancel(CancelCommand command, TimeSpan delay)
    {
        if (keys.Match(command.Call, Now) == KeyMatch.Same)
        {
            return keys.Find(command.Call.KeyHash)!;
        }
        // Without a key a cancel is a question about now: what it found is no answer to a later one. One for later has to be remembered all the same.
        var kept = command.Call.HasKey || delay > TimeSpan.Zero;
        var entry = kept ? keys.Take(command.Call, Cancel, Now) : KeyRegistry.Unkept(command.Call, Cancel, Now);
        Begin(new Work(null, null, command, Now + delay), entry, kept);
        return entry;
    }

    private async Task CancelAndTellAsync(Work work, KeyEntry entry)
    {
        if (!await UntilDueAsync(work, entry))
        {
            return;
        }
        var nothing = !state.IsUnderWay && !state.IsCaptured;
        await GiveUpAsync();
        var code = nothing ? OutcomeCodes.NothingToCancel
            : state.IsCaptured ? OutcomeCodes.PaymentCaptured
            : state.Current == PaymentStatuses.Cancelled ? OutcomeCodes.Cancelled
            : OutcomeCodes.NothingToCancel;
        Finish(entry, code, code == OutcomeCodes.PaymentCaptured ? "The payment is captured: refund it instead." : null);
    }

    /// <summary>Ends what is under way, by the gateway's word: voided, or captured or declined a moment ago.</summary>
    private async Task GiveUpAsync()
    {
        if (state.Current == PaymentStatuses.Scheduled)
        {
            // Nothing has gone out yet.
            Settle(new ChargeResult(ChargeResult.Voided));
            return;
        }
        givingUp++;
        try
        {
            while (state.IsUnderWay)
            {
                var at = voiding = attempt;
                var key = PaymentIds.GatewayCharge(start.Merchant, start.PaymentId, at);
                var result = await Workflow.ExecuteActivityAsync<ChargeResult>(GatewayActivities.VoidCharge, [key], PaymentTimeouts.Void("void the charge's key"));
                if (IsDeclineOfAnotherLife(result))
                {
                    StepOver(at);
                }
                else
                {
                    await LearnRefundsAsync(result);
                    // The charge itself may have ended in the meantime, or gone on to the next attempt.
                    if (state.IsUnderWay && attempt == at)
                    {
                        Settle(result);
                    }
                }
            }
        }
        finally
        {
            givingUp--;
        }
    }
}
