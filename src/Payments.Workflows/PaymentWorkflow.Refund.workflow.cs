using Payments.Ids;
using Payments.Telemetry;
using Temporalio.Api.Enums.V1;
using Temporalio.Common;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Payments.Workflows;

public sealed partial class PaymentWorkflow
{
    public const string Refund = "Refund";

    /// <summary>Gives money back, all or part of it: reserve, call, commit; a reservation is released only when the gateway has said no.</summary>
    [WorkflowUpdate(Refund, UnfinishedPolicy = HandlerUnfinishedPolicy.Abandon)]
    public Task<PaymentOutcome> RefundAsync(RefundCommand command) => OutcomeOfAsync(TakeRefund(command, TimeSpan.Zero));

    [WorkflowUpdateValidator(nameof(RefundAsync))]
    public void ValidateRefund(RefundCommand command) => Throw(PaymentRules.Refund(state, keys, command.Call, Now));

    private KeyEntry TakeRefund(RefundCommand command, TimeSpan delay)
    {
        if (keys.Match(command.Call, Now) == KeyMatch.Same)
        {
            return keys.Find(command.Call.KeyHash)!;
        }
        var entry = keys.Take(command.Call, Refund, Now);
        Begin(new Work(null, command, null, Now + delay), entry);
        return entry;
    }

    private async Task GiveBackAsync(RefundCommand command, Work work, KeyEntry entry)
    {
        if (!await UntilDueAsync(work, entry))
        {
            return;
        }
        var gatewayKey = PaymentIds.GatewayRefund(start.Merchant, start.PaymentId, entry.KeyHash, entry.Use);
        if (inherited.FirstOrDefault(refund => refund.Key == gatewayKey) is { } before)
        {
            // An earlier life of this payment has made it.
            Finish(entry, OutcomeCodes.Refunded, refund: new(before.RefundId, before.Amount, payment.Amount - payment.Refunded, before.At, command.Reason));
            ShowToSearch();
            return;
        }
        if (work.Reserved == 0 && !await ReserveAsync(command, work, entry))
        {
            return;
        }

        var result = await AskForRefundAsync(entry, gatewayKey, work.Reserved);
        reserved -= work.Reserved;
        if (result.State == RefundResult.Refunded)
        {
            // The gateway's word counts, should it have another amount under the key.
            var amount = result.Amount == 0 ? work.Reserved : result.Amount;
            payment = payment with { Refunded = payment.Refunded + amount };
            Apply(payment.Refunded == payment.Amount ? PaymentEvent.RefundAll : PaymentEvent.RefundPart);
            Finish(entry, OutcomeCodes.Refunded, refund: new(result.RefundId ?? "", amount, payment.Amount - payment.Refunded, result.At ?? Now, command.Reason));
            if (!Workflow.Unsafe.IsReplaying)
            {
                PaymentMeters.Refunds.Add(1, new KeyValuePair<string, object?>("currency", payment.Currency));
            }
        }
        else
        {
            Finish(entry, OutcomeCodes.RefundDeclined, result.Message ?? "The gateway refused the refund.");
        }
        ShowToSearch();
    }

    /// <summary>Sets aside what is to be given back. False when it is more than is left; that is the outcome then.</summary>
    private async Task<bool> ReserveAsync(RefundCommand command, Work work, KeyEntry entry)
    {
        while (true)
        {
            var left = payment.Amount - payment.Refunded;
            var free = left - reserved;
            var amount = command.AmountMinorUnits ?? free;
            if (left == 0 || amount > left)
            {
                Finish(entry, OutcomeCodes.RefundExceedsPayment, $"The refund is larger than what is left of the payment, {left} in minor units.");
                ShowToSearch();
                return false;
            }
            if (amount > 0 && amount <= free)
            {
                reserved += amount;
                work.Reserved = amount;
                return true;
            }
            // Others hold what this one wants. A refusal would be stored under its key, so it waits until they are decided.
            var held = reserved;
            await Workflow.WaitConditionAsync(() => reserved != held, CancellationToken.None);
        }
    }

    /// <summary>Runs the refund as a workflow of its own, or beside one that an earlier life of this payment left: both use the same gateway key.</summary>
    private async Task<RefundResult> AskForRefundAsync(KeyEntry entry, string gatewayKey, long amount)
    {
        var request = new RefundRequest(gatewayKey, start.Merchant, start.PaymentId, payment.TransactionId ?? "", amount, payment.Currency);
        try
        {
            return await Workflow.ExecuteChildWorkflowAsync<RefundResult>(RefundWorkflow.TypeName, [request], new()
            {
                Id = PaymentIds.Refund(start.Merchant, start.PaymentId, entry.KeyHash, entry.Use),
                IdReusePolicy = WorkflowIdReusePolicy.RejectDuplicate,
                ParentClosePolicy = Temporalio.Workflows.ParentClosePolicy.Abandon,
                CancellationToken = CancellationToken.None,
                TypedSearchAttributes = new SearchAttributeCollection.Builder()
                    .Set(PaymentSearchAttributes.Merchant, start.Merchant)
                    .Set(PaymentSearchAttributes.PaymentId, start.PaymentId)
                    .Set(PaymentSearchAttributes.Amount, amount)
                    .Set(PaymentSearchAttributes.Currency, payment.Currency)
                    .ToSearchAttributeCollection(),
            });
        }
        catch (Exception e) when (e is WorkflowAlreadyStartedException or ChildWorkflowFailureException)
        {
            // Started by an earlier run or life, or terminated by hand. Neither says what the gateway did; its key does.
            RefundResult? result;
            for (var rounds = 0; (result = await RefundWorkflow.AskAsync(request, rounds)) is null;)
            {
                await Workflow.DelayWithOptionsAsync(new(PaymentTimeouts.ReconcilePause(++rounds), "reconciliation", CancellationToken.None));
            }
            return result;
        }
    }
}
