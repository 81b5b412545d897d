using Microsoft.Extensions.Logging;
using Payments.Telemetry;
using Temporalio.Common;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Payments.Workflows;

/// <summary>
/// A payment as an object: the single writer of its state, alive until its refund window closes. Requests come as updates or, put into the
/// history before anyone waits, as a signal; both meet in the key registry and execute once. Each request is taken or refused
/// before the first await, and what an await may have changed is checked again after it.
/// </summary>
/// <remarks>
/// Handlers may be left unfinished when a run continues as new: their requests go on in the next run, and who waits for one attaches again with its key.
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
    private readonly Dictionary<string, Work> works;
    private readonly DateTimeOffset emptyUntil;
    private PaymentView payment;
    private KeyEntry? creating;
    private DateTimeOffset? refundWindowEnds;
    private IReadOnlyList<KnownRefund> inherited;
    private Exception? bug;
    private int attempt;
    private int running;
    private int givingUp;
    private int voiding;
    private long reserved;
    private bool cancelSeen;

    [WorkflowInit]
    public PaymentWorkflow(PaymentStart start)
    {
        ArgumentNullException.ThrowIfNull(start);
        this.start = start;
        var carried = start.Carried;
        keys = new KeyRegistry(carried?.Keys);
        works = new Dictionary<string, Work>(carried?.Works ?? new Dictionary<string, Work>(), StringComparer.Ordinal);
        payment = carried?.Payment ?? new PaymentView { Merchant = start.Merchant, PaymentId = start.PaymentId, Status = PaymentStatuses.Empty };
        state = new PaymentState(payment.Status);
        attempt = carried?.Attempt ?? 1;
        voiding = carried?.Voiding ?? 0;
        refundWindowEnds = carried?.RefundWindowEnds;
        inherited = carried?.Inherited ?? [];
        // From the first task, not from the start: a request that waited for a worker must not find the door closing.
        emptyUntil = Now + PaymentTimeouts.EmptyLife;
        foreach (var (keyHash, work) in works)
        {
            reserved += work.Reserved;
            creating = work.Create is null ? creating : keys.Find(keyHash);
        }
    }

    private static DateTimeOffset Now => new(Workflow.UtcNow, TimeSpan.Zero);

    /// <summary>Watches the clock and the cancel request; the requests themselves run in their handlers.</summary>
    [WorkflowRun]
    public async Task RunAsync(PaymentStart sameStart)
    {
        Resume();
        while (true)
        {
            var wake = WakeAt();
            bool Stirred() => bug is not null || CancelAsked || ShouldContinueAsNew || WakeAt() != wake;
            if (wake is null || wake > Now)
            {
                await WaitAsync(Stirred, wake);
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
            if (ShouldContinueAsNew)
            {
                throw Workflow.CreateContinueAsNewException(
                    TypeName, [start with { Carried = Carry() }], new() { TypedSearchAttributes = Workflow.TypedSearchAttributes });
            }
            if (Deadline() is { } deadline && deadline <= Now)
            {
                await Workflow.WaitConditionAsync(() => bug is not null || Idle || ShouldContinueAsNew || Deadline() != deadline, CancellationToken.None);
                if (Idle && deadline == Deadline())
                {
                    Close();
                    return;
                }
            }
        }
    }

    /// <summary>Waits until something stirs. The wait itself must hear of a cancel request: one that comes alone runs no task, so no condition is looked at.</summary>
    private async Task WaitAsync(Func<bool> stirred, DateTimeOffset? until)
    {
        try
        {
            var heard = cancelSeen ? CancellationToken.None : Workflow.CancellationToken;
            await Workflow.WaitConditionWithOptionsAsync(new(stirred, until - Now, until is { } wake ? WakeName(wake) : null, heard));
        }
        catch (OperationCanceledException) when (CancelAsked)
        {
            // The loop sees to it.
        }
    }

    private string WakeName(DateTimeOffset wake) => wake != Deadline() ? "key lifetime" : state switch
    {
        { IsEmpty: true } => "empty payment",
        { IsCaptured: true } => "refund window",
        _ => "key lifetime",
    };

    private bool CancelAsked => Workflow.CancellationToken.IsCancellationRequested && !cancelSeen;

    private bool Idle => running == 0 && Workflow.AllHandlersFinished;

    /// <summary>
    /// When the server suggests it, as soon as nothing is under way; and in any case before the history grows towards the server's limit, because an
    /// outage of the gateway may last for days: what is under way goes on in the next run, and who waits for it attaches again under the same key.
    /// </summary>
    private bool ShouldContinueAsNew =>
        (Idle && Workflow.ContinueAsNewSuggested) || Workflow.CurrentHistoryLength > PaymentTimeouts.ContinueAsNewEvents;

    /// <summary>When the payment may close if nothing happens any more; null while a request is under way.</summary>
    private DateTimeOffset? Deadline() => state switch
    {
        { IsUnderWay: true } => null,
        { IsEmpty: true } => emptyUntil,
        { IsCaptured: true } => refundWindowEnds,
        _ => keys.LastExpiry,
    };

    /// <summary>The next moment that brings something by itself: the end of a key's record, or of the payment.</summary>
    private DateTimeOffset? WakeAt()
    {
        var (expiry, deadline) = (keys.NextExpiry, Deadline());
        return expiry is null || deadline < expiry ? deadline : expiry;
    }

    private PaymentCarried Carry() => new(
        payment, attempt, [.. keys.Entries], refundWindowEnds, new Dictionary<string, Work>(works, StringComparer.Ordinal), voiding, givingUp > 0, inherited);

    /// <summary>Goes on with what an earlier run had taken. Everything it may have done already is safe to do again under the gateway's keys.</summary>
    private void Resume()
    {
        if (start.Carried is not { Works: { } carried } before)
        {
            return;
        }
        foreach (var keyHash in carried.Keys.Order(StringComparer.Ordinal))
        {
            // A cancellation may have been quicker.
            if (works.TryGetValue(keyHash, out var work))
            {
                Run(() => DoAsync(work, keys.Find(keyHash)!));
            }
        }
        if (before.GivingUp)
        {
            Run(GiveUpAsync);
        }
    }

    /// <summary>Puts a request to work. From here on only its outcome ends it.</summary>
    private void Begin(Work work, KeyEntry entry, bool kept = true)
    {
        if (kept)
        {
            works[entry.KeyHash] = work;
        }
        Run(() => DoAsync(work, entry));
    }

    private Task DoAsync(Work work, KeyEntry entry) => work switch
    {
        { Create: { } create } => ChargeAsync(create, work, entry),
        { Refund: { } refund } => GiveBackAsync(refund, work, entry),
        { Cancel: not null } => CancelAndTellAsync(work, entry),
        _ => throw new InvalidOperationException("Bug: work without a request."),
    };

    /// <summary>Waits until the work is due. False when it was withdrawn before.</summary>
    private static async Task<bool> UntilDueAsync(Work work, KeyEntry entry)
    {
        if (work.Due > Now)
        {
            await Workflow.WaitConditionWithOptionsAsync(new(() => entry.Outcome is not null, work.Due - Now, "delayed send", CancellationToken.None));
        }
        return entry.Outcome is null;
    }

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

    private void Finish(KeyEntry entry, string code, string? detail = null, RefundView? refund = null)
    {
        if (entry.Outcome is not null)
        {
            throw new InvalidOperationException($"Bug: {entry.Operation} ended {entry.Outcome.Code} and now {code}.");
        }
        works.Remove(entry.KeyHash);
        entry.Outcome = new PaymentOutcome
        {
            Code = code,
            Nonce = entry.Nonce,
            Payment = payment,
            Refund = refund,
            Detail = detail,
            Created = entry.Created,
            Expires = entry.Expires,
        };
    }

    private void Apply(PaymentEvent happened)
    {
        state.Apply(happened);
        payment = payment with { Status = state.Current };
    }

    /// <summary>Shows what has changed. The status is always sent, so that the same code always gives a command.</summary>
    /// <param name="settled">Given once, when the money has moved.</param>
    private void ShowToSearch(DateTimeOffset? settled = null)
    {
        var shown = Workflow.TypedSearchAttributes;
        List<SearchAttributeUpdate> updates = [PaymentSearchAttributes.Status.ValueSet(state.Current)];
        var hashes = keys.SearchHashes(PaymentSearchAttributes.KeysMax);
        if (!(shown.TryGetValue(PaymentSearchAttributes.Keys, out var known) && known.SequenceEqual(hashes)))
        {
            updates.Add(PaymentSearchAttributes.Keys.ValueSet(hashes));
        }
        Show(PaymentSearchAttributes.Amount, payment.Amount);
        Show(PaymentSearchAttributes.Currency, payment.Currency);
        if (state.IsCaptured)
        {
            Show(PaymentSearchAttributes.Refunded, payment.Refunded);
        }
        if (settled is { } at)
        {
            updates.Add(PaymentSearchAttributes.TransactionId.ValueSet(payment.TransactionId ?? ""));
            updates.Add(PaymentSearchAttributes.SettledAt.ValueSet(PaymentSearchAttributes.SettledTime(at, Now)));
        }
        Workflow.UpsertTypedSearchAttributes([.. updates]);

        void Show<T>(SearchAttributeKey<T> key, T value)
            where T : notnull
        {
            if (!(shown.TryGetValue(key, out var before) && before.Equals(value)))
            {
                updates.Add(key.ValueSet(value));
            }
        }
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
