using Microsoft.Extensions.Logging;
using Payments.Ids;
using Payments.Telemetry;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Payments.Workflows;

public sealed partial class PaymentWorkflow
{
    public const string Create = "Create";

    /// <summary>Charges the payment, or attaches to the charge of the same request. Completes with the final outcome and nothing less.</summary>
    [WorkflowUpdate(Create, UnfinishedPolicy = HandlerUnfinishedPolicy.Abandon)]
    public Task<PaymentOutcome> CreateAsync(CreateCommand command) => OutcomeOfAsync(TakeCreate(command, TimeSpan.Zero));

    [WorkflowUpdateValidator(nameof(CreateAsync))]
    public void ValidateCreate(CreateCommand command) => Throw(PaymentRules.Create(state, keys, command.Call, Now));

    private KeyEntry TakeCreate(CreateCommand command, TimeSpan delay)
    {
        if (keys.Match(command.Call, Now) == KeyMatch.Same)
        {
            return keys.Find(command.Call.KeyHash)!;
        }
        var isFirst = state.IsEmpty;
        var entry = keys.Take(command.Call, Create, Now);
        creating = entry;
        payment = payment with
        {
            Amount = command.AmountMinorUnits,
            Currency = command.Currency,
            Description = command.Description,
            CustomerId = command.CustomerId,
            DeclineCode = null,
            DeclineMessage = null,
            ProcessedAt = null,
        };
        Apply(delay > TimeSpan.Zero ? PaymentEvent.Schedule : PaymentEvent.Begin);
        if (!isFirst)
        {
            ShowBeginning();
        }
        Begin(new Work(command, null, null, Now + delay), entry);
        return entry;
    }

    /// <summary>Shows a charge that begins, where the start of the execution has not shown it. Histories of version 1 have no such command.</summary>
    private void ShowBeginning()
    {
        if (Workflow.Patched("show-beginning"))
        {
            ShowToSearch();
        }
    }

    private async Task ChargeAsync(CreateCommand command, Work work, KeyEntry entry)
    {
        if (!await UntilDueAsync(work, entry))
        {
            return;
        }
        if (state.Current == PaymentStatuses.Scheduled)
        {
            Apply(PaymentEvent.Begin);
            ShowBeginning();
        }

        while (true)
        {
            var at = attempt;
            var result = await AskGatewayAsync(command, at, work.Rounds);
            var steppedOver = entry.Outcome is null && (IsDeclineOfAnotherLife(result) || await IsSpentVoidOfAnotherLifeAsync(result, at, entry));
            await LearnRefundsAsync(result);
            if (entry.Outcome is not null)
            {
                // A cancellation settled it in the meantime, by the gateway's own word.
                Agree(result);
                return;
            }
            if (steppedOver)
            {
                StepOver(at);
                continue;
            }
            if (attempt != at)
            {
                // The cancellation has stepped over this attempt: what the gateway says of it is another life's.
                continue;
            }
            if (result.State is ChargeResult.Captured or ChargeResult.Declined or ChargeResult.Voided)
            {
                Settle(result);
                return;
            }

            work.Rounds++;
            if (state.Current == PaymentStatuses.Processing)
            {
                Apply(PaymentEvent.LoseTrack);
                ShowToSearch();
            }
            LogLost(Workflow.Logger, work.Rounds >= PaymentTimeouts.ReconcileAlertAfter ? LogLevel.Error : LogLevel.Warning, work.Rounds);
            await Workflow.WaitConditionWithOptionsAsync(
                new(() => entry.Outcome is not null, PaymentTimeouts.ReconcilePause(work.Rounds), "reconciliation", CancellationToken.None));
            if (entry.Outcome is not null)
            {
                return;
            }
        }
    }

    /// <summary>
    /// Sends the charge; when no answer can be trusted, looks it up by its key. "Not found" is never final, because the request may still be on its way:
    /// the next round sends the same request under the same key again.
    /// </summary>
    private async Task<ChargeResult> AskGatewayAsync(CreateCommand command, int at, int rounds)
    {
        var key = PaymentIds.GatewayCharge(start.Merchant, start.PaymentId, at);
        var request = new ChargeRequest(
            key, Workflow.Info.FirstExecutionRunId, start.Merchant, start.PaymentId, command.AmountMinorUnits, command.Currency, command.PaymentMethod);
        ChargeResult result;
        try
        {
            var options = rounds == 0 ? PaymentTimeouts.Call("charge") : PaymentTimeouts.Round("charge again");
            result = await Workflow.ExecuteActivityAsync<ChargeResult>(GatewayActivities.Charge, [request], options);
            if (result.State != ChargeResult.Mismatch)
            {
                return result;
            }
        }
        catch (ActivityFailureException)
        {
            // Unavailable for too long, timed out, or unknown: all the same from here, the key tells.
        }

        return await FindAsync(key);
    }

    private static async Task<ChargeResult> FindAsync(string key)
    {
        try
        {
            return await Workflow.ExecuteActivityAsync<ChargeResult>(GatewayActivities.FindCharge, [key], PaymentTimeouts.Round("look up the charge"));
        }
        catch (ActivityFailureException)
        {
            return new ChargeResult(ChargeResult.Unknown);
        }
    }

    /// <summary>A decline that another life of this payment's id got: after a lost engine or a termination the walk goes on to the next attempt.</summary>
    private static bool IsDeclineOfAnotherLife(ChargeResult result) => result.State == ChargeResult.Declined && IsOfAnotherLife(result);

    private static bool IsOfAnotherLife(ChargeResult result) => result.Owner is { Length: > 0 } owner && owner != Workflow.Info.FirstExecutionRunId;

    /// <summary>
    /// Another life of this id cancelled at this attempt. As long as a retry of the cancelled request may still come (the lifetime of its key) that stands, so that
    /// no retry charges what was cancelled; afterwards the id is free, and so it is when a later life has gone on already.
    /// </summary>
    private async Task<bool> IsSpentVoidOfAnotherLifeAsync(ChargeResult result, int at, KeyEntry entry)
    {
        if (result.State != ChargeResult.Voided || voiding >= at)
        {
            return false;
        }
        return (result.At is { } when && when + (entry.Expires - entry.Created) <= Now)
            || (await FindAsync(PaymentIds.GatewayCharge(start.Merchant, start.PaymentId, at + 1))).State != ChargeResult.Unknown;
    }

    /// <summary>What an earlier life has refunded of a charge that this one finds: without it the same money could be asked back twice.</summary>
    private async Task LearnRefundsAsync(ChargeResult result)
    {
        if (result.State == ChargeResult.Captured && IsOfAnotherLife(result))
        {
            inherited = await Workflow.ExecuteActivityAsync<IReadOnlyList<KnownRefund>>(
                GatewayActivities.FindRefunds, [start.Merchant, start.PaymentId, result.TransactionId ?? ""], PaymentTimeouts.Void("look up earlier refunds"));
        }
    }

    // The cancellation may have stepped over the same attempt already.
    private void StepOver(int at) => attempt = attempt == at ? at + 1 : attempt;

    /// <summary>The gateway's word on the charge under way, whoever heard it first.</summary>
    private void Settle(ChargeResult result)
    {
        var entry = creating ?? throw new InvalidOperationException("Bug: a charge is settled that nobody asked for.");
        creating = null;
        payment = payment with { ProcessedAt = result.At ?? Now };
        DateTimeOffset? settled = null;
        switch (result.State)
        {
            case ChargeResult.Captured:
                var another = result.Amount != 0 && (result.Amount != payment.Amount || result.Currency != payment.Currency);
                if (another)
                {
                    // Captured by another life of this id with another body: the money is the truth.
                    payment = payment with { Amount = result.Amount, Currency = result.Currency ?? payment.Currency, Description = null, CustomerId = null };
                }
                payment = payment with { TransactionId = result.TransactionId };
                Apply(PaymentEvent.Capture);
                settled = payment.ProcessedAt;
                refundWindowEnds = Now + start.RefundWindow;
                TakeOver(inherited);
                Finish(entry, another ? OutcomeCodes.PaymentExists : OutcomeCodes.Captured, another ? "The payment was already made with another amount." : null);
                if (!Workflow.Unsafe.IsReplaying)
                {
                    PaymentMeters.AmountMinor.Add(payment.Amount, new KeyValuePair<string, object?>("currency", payment.Currency));
                }
                break;
            case ChargeResult.Declined:
                payment = payment with { DeclineCode = result.Code, DeclineMessage = result.Message };
                Apply(PaymentEvent.Decline);
                attempt++;
                Finish(entry, OutcomeCodes.Declined, result.Message);
                break;
            case ChargeResult.Voided:
                Apply(PaymentEvent.Void);
                Finish(entry, OutcomeCodes.PaymentCancelled, "The payment was cancelled before it was captured.");
                break;
            default:
                throw new InvalidOperationException($"Bug: {result.State} settles nothing.");
        }
        ShowToSearch(settled);
    }

    private void TakeOver(IReadOnlyList<KnownRefund> refunds)
    {
        if (refunds.Count > 0)
        {
            payment = payment with { Refunded = refunds.Sum(refund => refund.Amount) };
            Apply(payment.Refunded == payment.Amount ? PaymentEvent.RefundAll : PaymentEvent.RefundPart);
        }
    }

    private void Agree(ChargeResult result)
    {
        if (result.State == ChargeResult.Captured && !state.IsCaptured)
        {
            throw new InvalidOperationException($"Bug: the gateway captured attempt {attempt} of a payment that is {state.Current}.");
        }
    }

    private static void Throw(Refusal? refusal)
    {
        if (refusal is not null)
        {
            throw new ApplicationFailureException(refusal.Detail, errorType: Refusal.ErrorType, nonRetryable: true, details: [refusal]);
        }
    }

    [LoggerMessage(Message = "The gateway did not say how a charge ended; looked up and sent again, round {Rounds}")]
    private static partial void LogLost(ILogger logger, LogLevel level, int rounds);
}
