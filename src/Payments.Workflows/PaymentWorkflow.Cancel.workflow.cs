using Payments.Ids;
using Temporalio.Workflows;

namespace Payments.Workflows;

public sealed partial class PaymentWorkflow
{
    public const string Cancel = "Cancel";

    /// <summary>Gives the payment up if it is not captured. The gateway voids its key first, so that no late request can charge it.</summary>
    [WorkflowUpdate(Cancel)]
    public Task<PaymentOutcome> CancelAsync(CancelCommand command) => OutcomeOfAsync(TakeCancel(command, TimeSpan.Zero));

    [WorkflowUpdateValidator(nameof(CancelAsync))]
    public void ValidateCancel(CancelCommand command) => Throw(PaymentRules.Cancel(state, keys, command.Call, Now));

    private KeyEntry TakeCancel(CancelCommand command, TimeSpan delay)
    {
        if (keys.Match(command.Call, Now) == KeyMatch.Same)
        {
            return keys.Find(command.Call.KeyHash)!;
        }
        // Without a key a cancel is a question about now: what it found is no answer to a later one.
        var entry = command.Call.HasKey ? keys.Take(command.Call, Cancel, Now) : KeyRegistry.Unkept(command.Call, Cancel, Now);
        Run(() => CancelAndTellAsync(entry, delay));
        return entry;
    }

    private async Task CancelAndTellAsync(KeyEntry entry, TimeSpan delay)
    {
        if (delay > TimeSpan.Zero)
        {
            await Workflow.DelayWithOptionsAsync(new(delay, "delayed send", CancellationToken.None));
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
        while (state.IsUnderWay)
        {
            var at = attempt;
            var key = PaymentIds.GatewayCharge(start.Merchant, start.PaymentId, at);
            var result = await Workflow.ExecuteActivityAsync<ChargeResult>(GatewayActivities.VoidCharge, [key], PaymentTimeouts.Void("void the charge's key"));
            if (!state.IsUnderWay)
            {
                return;
            }
            if (IsFromAnotherLife(result))
            {
                StepOver(at);
                continue;
            }
            Settle(result);
        }
    }
}
