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
    [WorkflowUpdate(Refund)]
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
        Run(() => GiveBackAsync(command, entry, delay));
        return entry;
    }

    private async Task GiveBackAsync(RefundCommand command, KeyEntry entry, TimeSpan delay)
    {
        if (delay > TimeSpan.Zero)
        {
            await Workflow.DelayWithOptionsAsync(new(delay, "delayed send", CancellationToken.None));
        }

        long amount;
        while (true)
        {
            var left = payment.Amount - payment.Refunded;
            var free = left - reserved;
            amount = command.AmountMinorUnits ?? free;
            if (left == 0 || amount > left)
            {
                Finish(entry, OutcomeCodes.RefundExceedsPayment, $"The refund is larger than what is left of the payment, {left} in minor units.");
                ShowToSearch();
                return;
            }
            if (amount > 0 && amount <= free)
            {
                break;
            }
            // Others hold what this one wants. A refusal would be stored under its key, so it waits until they are decided.
            var held = reserved;
            await Workflow.WaitConditionAsync(() => reserved != held, CancellationToken.None);
        }

        reserved += amount;
        var result = await AskForRefundAsync(entry, amount);
        reserved -= amount;
        if (result.State == RefundResult.Refunded)
        {
            payment = payment with { Refunded = payment.Refunded + amount };
            Apply(payment.Refunded == payment.Amount ? PaymentEvent.RefundAll : PaymentEvent.RefundPart);
            Finish(entry, OutcomeCodes.Refunded, refund: new(result.RefundId ?? "", amount, payment.Amount - payment.Refunded, result.At ?? Now, command.Reason));
        }
        else
        {
            Finish(entry, OutcomeCodes.RefundDeclined, result.Message ?? "The gateway refused the refund.");
        }
        ShowToSearch();
        if (!Workflow.Unsafe.IsReplaying)
        {
            PaymentMeters.Refunds.Add(1, PaymentMeters.Outcome(result.State), new KeyValuePair<string, object?>("currency", payment.Currency));
        }
    }

    /// <summary>Runs the refund as a workflow of its own, or beside one that an earlier life of this payment left: both use the same gateway key.</summary>
    private async Task<RefundResult> AskForRefundAsync(KeyEntry entry, long amount)
    {
        var request = new RefundRequest(
            PaymentIds.GatewayRefund(start.Merchant, start.PaymentId, entry.KeyHash, entry.Use),
            start.Merchant, start.PaymentId, payment.TransactionId ?? "", amount, payment.Currency);
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
            // Started by an earlier life, or terminated by hand. Neither says what the gateway did; its key does.
            return await RefundWorkflow.AskUntilDecidedAsync(request);
        }
    }
}
