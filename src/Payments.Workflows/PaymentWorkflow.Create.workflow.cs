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
    [WorkflowUpdate(Create)]
    public Task<PaymentOutcome> CreateAsync(CreateCommand command) => OutcomeOfAsync(TakeCreate(command, TimeSpan.Zero));

    [WorkflowUpdateValidator(nameof(CreateAsync))]
    public void ValidateCreate(CreateCommand command) => Throw(PaymentRules.Create(state, keys, command.Call, Now));

    private KeyEntry TakeCreate(CreateCommand command, TimeSpan delay)
    {
        if (keys.Match(command.Call, Now) == KeyMatch.Same)
        {
            return keys.Find(command.Call.KeyHash)!;
        }
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
        if (delay > TimeSpan.Zero)
        {
            Apply(PaymentEvent.Schedule);
        }
        else
        {
            Apply(PaymentEvent.Begin);
        }
        Run(() => ChargeAsync(command, entry, delay));
        return entry;
    }

    private async Task ChargeAsync(CreateCommand command, KeyEntry entry, TimeSpan delay)
    {
        if (delay > TimeSpan.Zero)
        {
            await Workflow.WaitConditionWithOptionsAsync(new(() => entry.Outcome is not null, delay, "delayed send", CancellationToken.None));
            if (entry.Outcome is not null)
            {
                return;
            }
            Apply(PaymentEvent.Begin);
        }

        var pause = TimeSpan.Zero;
        var rounds = 0;
        while (true)
        {
            var at = attempt;
            var result = await AskGatewayAsync(command, at, rounds);
            if (entry.Outcome is not null)
            {
                // A cancellation settled it in the meantime, by the gateway's own word.
                Agree(result);
                return;
            }
            if (IsFromAnotherLife(result))
            {
                StepOver(at);
                continue;
            }
            if (result.State is ChargeResult.Captured or ChargeResult.Declined or ChargeResult.Voided)
            {
                Settle(result);
                return;
            }

            rounds++;
            if (state.Current == PaymentStatuses.Processing)
            {
                Apply(PaymentEvent.LoseTrack);
                ShowToSearch();
            }
            LogLost(Workflow.Logger, rounds >= PaymentTimeouts.ReconcileAlertAfter ? LogLevel.Error : LogLevel.Warning, rounds);
            pause = pause == TimeSpan.Zero ? PaymentTimeouts.ReconcileFirst : pause * 2;
            pause = pause > PaymentTimeouts.ReconcileMax ? PaymentTimeouts.ReconcileMax : pause;
            await Workflow.WaitConditionWithOptionsAsync(new(() => entry.Outcome is not null, pause, "reconciliation", CancellationToken.None));
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
    private static bool IsFromAnotherLife(ChargeResult result) =>
        result is { State: ChargeResult.Declined, Owner: not null } && result.Owner != Workflow.Info.FirstExecutionRunId;

    // The cancellation may have stepped over the same attempt already.
    private void StepOver(int at) => attempt = attempt == at ? at + 1 : attempt;

    /// <summary>The gateway's word on the charge under way, whoever heard it first.</summary>
    private void Settle(ChargeResult result)
    {
        var entry = creating ?? throw new InvalidOperationException("Bug: a charge is settled that nobody asked for.");
        creating = null;
        payment = payment with { ProcessedAt = result.At ?? Now };
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
                refundWindowEnds = Now + start.RefundWindow;
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
        ShowToSearch();
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
