using Microsoft.Extensions.Logging;
using Payments.Telemetry;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Payments.Workflows;

/// <summary>
/// A payment as an object: the single writer of its state, alive until its refund window closes. Requests come as updates or, put into the
/// history before anyone waits, as a signal; both meet in the key registry and execute once. Each request is taken or refused
/// before the first await, and what an await may have changed is checked again after it.
/// </summary>
/// <remarks>
/// A crash anywhere is harmless: the history holds what was taken, the gateway's keys hold what was charged, and neither is given up before the other
/// agrees. Files by verb: Create, Refund, Cancel, Submit, Ask (queries).
/// </remarks>
[Workflow(TypeName)]
public sealed partial class PaymentWorkflow
{
    public const string TypeName = "PaymentWorkflow";

    private readonly PaymentStart start;
    private readonly KeyRegistry keys;
    private readonly PaymentState state;
    private readonly Dictionary<string, Refusal> refusals = new(StringComparer.Ordinal);
    private readonly Queue<string> refusalOrder = new();
    private PaymentView payment;
    private KeyEntry? creating;
    private DateTimeOffset? refundWindowEnds;
    private Exception? bug;
    private int attempt = 1;
    private int running;
    private long reserved;
    private bool cancelSeen;

    [WorkflowInit]
    public PaymentWorkflow(PaymentStart start)
    {
        ArgumentNullException.ThrowIfNull(start);
        this.start = start;
        keys = new KeyRegistry(start.Carried?.Keys);
        payment = start.Carried?.Payment ?? new PaymentView { Merchant = start.Merchant, PaymentId = start.PaymentId, Status = PaymentStatuses.Empty };
        state = new PaymentState(payment.Status);
        attempt = start.Carried?.Attempt ?? 1;
        refundWindowEnds = start.Carried?.RefundWindowEnds;
    }

    private static DateTimeOffset Now => new(Workflow.UtcNow, TimeSpan.Zero);

    /// <summary>Watches the clock and the cancel request; the requests themselves run in their handlers.</summary>
    [WorkflowRun]
    public async Task RunAsync(PaymentStart sameStart)
    {
        while (true)
        {
            var deadline = Deadline();
            bool Stirred() => bug is not null || CancelAsked || CanContinueAsNew || Deadline() != deadline;
            if (deadline is null || deadline > Now)
            {
                await WaitAsync(Stirred, deadline - Now);
            }

            CountExpiredKeys();
            if (bug is not null)
            {
                // Anything but a failure of Temporal's own kind fails the workflow task, not the payment: it waits for a corrected worker.
                throw new InvalidOperationException($"Bug: a request on this payment stopped: {bug.Message}", bug);
            }
            if (CancelAsked)
            {
                cancelSeen = true;
                Run(GiveUpAsync);
                continue;
            }
            if (CanContinueAsNew)
            {
                throw Workflow.CreateContinueAsNewException(
                    TypeName, [start with { Carried = new(payment, attempt, [.. keys.Entries], refundWindowEnds) }]);
            }
            if (deadline is not null && deadline <= Now && deadline == Deadline())
            {
                await Workflow.WaitConditionAsync(() => bug is not null || Idle || Deadline() != deadline, CancellationToken.None);
                if (Idle && deadline == Deadline())
                {
                    Close();
                    return;
                }
            }
        }
    }

    /// <summary>Waits until something stirs. The wait itself must hear of a cancel request: one that comes alone runs no task, so no condition is looked at.</summary>
    private async Task WaitAsync(Func<bool> stirred, TimeSpan? atMost)
    {
        try
        {
            var heard = cancelSeen ? CancellationToken.None : Workflow.CancellationToken;
            await Workflow.WaitConditionWithOptionsAsync(new(stirred, atMost, atMost is null ? null : DeadlineName, heard));
        }
        catch (OperationCanceledException) when (CancelAsked)
        {
            // The loop sees to it.
        }
    }

    private string DeadlineName => state.IsEmpty ? "empty payment" : state.IsCaptured ? "refund window" : "key lifetime";

    private bool CancelAsked => Workflow.CancellationToken.IsCancellationRequested && !cancelSeen;

    private bool Idle => running == 0 && Workflow.AllHandlersFinished;

    private bool CanContinueAsNew =>
        Idle && (Workflow.ContinueAsNewSuggested || Workflow.CurrentHistoryLength > PaymentTimeouts.ContinueAsNewEvents);

    /// <summary>When the payment may close if nothing happens any more; null while a request is under way.</summary>
    private DateTimeOffset? Deadline() => state switch
    {
        { IsUnderWay: true } => null,
        { IsEmpty: true } => new DateTimeOffset(Workflow.Info.StartTime, TimeSpan.Zero) + PaymentTimeouts.EmptyLife,
        { IsCaptured: true } => refundWindowEnds,
        _ => keys.LastExpiry,
    };

    // Captured ones complete, so that their id stays taken; the others fail, so that AllowDuplicateFailedOnly leaves theirs free.
    private void Close()
    {
        if (!state.IsCaptured)
        {
            throw new ApplicationFailureException($"The payment ended {state.Current}.", errorType: "NotCaptured", nonRetryable: true);
        }
    }

    /// <summary>Starts the work of a request. It must not throw; if it does, that is a bug and stops the payment visibly.</summary>
    private void Run(Func<Task> work)
    {
        running++;
        _ = Guarded();

        async Task Guarded()
        {
            try
            {
                await work();
            }
            catch (Exception e)
            {
                bug ??= e;
            }
            finally
            {
                running--;
            }
        }
    }

    private async Task<PaymentOutcome> OutcomeOfAsync(KeyEntry entry)
    {
        if (entry.Outcome is null)
        {
            await Workflow.WaitConditionAsync(() => entry.Outcome is not null, CancellationToken.None);
        }
        return entry.Outcome!;
    }

    private void Finish(KeyEntry entry, string code, string? detail = null, RefundView? refund = null) => entry.Outcome = new PaymentOutcome
    {
        Code = code,
        Nonce = entry.Nonce,
        Payment = payment,
        Refund = refund,
        Detail = detail,
        Created = entry.Created,
        Expires = entry.Expires,
    };

    private void Apply(PaymentEvent happened)
    {
        state.Apply(happened);
        payment = payment with { Status = state.Current };
    }

    private void ShowToSearch()
    {
        List<SearchAttributeUpdate> updates =
        [
            PaymentSearchAttributes.Status.ValueSet(state.Current),
            PaymentSearchAttributes.Keys.ValueSet([.. keys.Entries.Select(entry => entry.SearchHash).OfType<string>().Distinct()]),
            PaymentSearchAttributes.Amount.ValueSet(payment.Amount),
            PaymentSearchAttributes.Currency.ValueSet(payment.Currency),
        ];
        if (state.IsCaptured)
        {
            updates.Add(PaymentSearchAttributes.TransactionId.ValueSet(payment.TransactionId ?? ""));
            updates.Add(PaymentSearchAttributes.SettledAt.ValueSet(payment.ProcessedAt ?? Now));
            updates.Add(PaymentSearchAttributes.Refunded.ValueSet(payment.Refunded));
        }
        Workflow.UpsertTypedSearchAttributes([.. updates]);
    }

    private void CountExpiredKeys()
    {
        var expired = keys.CountExpired(Now);
        if (expired > 0 && !Workflow.Unsafe.IsReplaying)
        {
            PaymentMeters.RecordsExpired.Add(expired);
            LogExpired(Workflow.Logger, expired);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} key records expired")]
    private static partial void LogExpired(ILogger logger, int count);
}
