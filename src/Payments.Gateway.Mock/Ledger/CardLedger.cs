namespace Payments.Gateway.Mock.Ledger;

/// <summary>
/// Who was charged what, under which key. Decides in memory under one lock and appends the decision to the log in the same order;
/// the caller waits for <see cref="Decision.Durable"/> before it answers. Thread-safe.
/// </summary>
public sealed class CardLedger : IDisposable
{
    private readonly Lock deciding = new();
    private readonly LedgerLog log;
    private readonly TimeProvider clock;
    private readonly LedgerBooks books = new();

    /// <inheritdoc cref="LedgerLog.Open"/>
    public CardLedger(string path, TimeProvider clock, Action<Exception> failed)
    {
        this.clock = clock;
        log = LedgerLog.Open(path, books.Add, failed);
    }

    /// <summary>Charges or refunds, once per key.</summary>
    /// <param name="declineWith">A decline that the fault plan asks for; it counts only where the key does not yet stand for something.</param>
    public Decision Decide(MoneyRequest request, string? declineWith = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        lock (deciding)
        {
            if (request.Key is not null && books.Keys.TryGetValue(request.Key, out var known))
            {
                var outcome = known.Outcome == Outcomes.Voided ? Outcomes.Voided
                    : known.SameRequest(request) ? known.Outcome
                    : Outcomes.Mismatch;
                return new Decision(outcome, known, true, Write(Entry(request, outcome) with { Repetition = true, Code = known.Code }));
            }
            var entry = request.Operation == Operations.Charge ? Charge(request, declineWith) : Refund(request, declineWith);
            return new Decision(entry.Outcome, entry, false, Write(entry));
        }
    }

    /// <summary>Puts a request on record that ended before any decision about money.</summary>
    public Task Note(MoneyRequest request, string outcome)
    {
        ArgumentNullException.ThrowIfNull(request);
        lock (deciding)
        {
            var repetition = request.Key is not null && (books.Keys.ContainsKey(request.Key) || books.Refused(request) > 0);
            return Write(Entry(request, outcome) with { Repetition = repetition });
        }
    }

    /// <summary>After this nothing is ever charged under the key, unless it was already: then the record says so.</summary>
    public Decision Void(string key)
    {
        lock (deciding)
        {
            if (books.Keys.TryGetValue(key, out var known))
            {
                return new Decision(known.Outcome, known, true, log.Flushed());
            }
            var entry = new LedgerEntry
            {
                Seq = books.LastSeq + 1, At = clock.GetUtcNow(), Operation = Operations.Void, Outcome = Outcomes.Voided, Key = key,
            };
            return new Decision(Outcomes.Voided, entry, false, Write(entry));
        }
    }

    /// <summary>What the key stands for, once that is on the disk.</summary>
    public async Task<LedgerEntry?> FindAsync(string key)
    {
        LedgerEntry? known;
        Task durable;
        lock (deciding)
        {
            known = books.Keys.GetValueOrDefault(key);
            durable = log.Flushed();
        }
        await durable.ConfigureAwait(false);
        return known;
    }

    /// <summary>Reads under the lock, and returns when all that was read is on the disk.</summary>
    public async Task<T> ReadAsync<T>(Func<LedgerBooks, T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        T seen;
        Task durable;
        lock (deciding)
        {
            seen = read(books);
            durable = log.Flushed();
        }
        await durable.ConfigureAwait(false);
        return seen;
    }

    public Task ClearAsync()
    {
        lock (deciding)
        {
            return Write(new LedgerEntry { Seq = books.LastSeq + 1, At = clock.GetUtcNow(), Operation = Operations.Clear, Outcome = Operations.Clear });
        }
    }

    public void Dispose() => log.Dispose();

    private LedgerEntry Charge(MoneyRequest request, string? declineWith)
    {
        var token = TestToken.Parse(request.PaymentMethod!);
        if (declineWith is null && books.Refused(request) < token.FailFirst)
        {
            return Entry(request, Outcomes.Unavailable);
        }
        return (declineWith ?? token.DeclineCode) is { } code
            ? Declined(request, code, TestToken.Describe(code))
            : Entry(request, Outcomes.Captured) with { Id = Id("ch_") };
    }

    private LedgerEntry Refund(MoneyRequest request, string? declineWith)
    {
        if (declineWith is not null)
        {
            return Declined(request, declineWith, TestToken.Describe(declineWith));
        }
        if (!books.ChargesById.TryGetValue(request.ChargeId!, out var charge)
            || charge.Merchant != request.Merchant || charge.PaymentId != request.PaymentId)
        {
            return Declined(request, "charge_not_found", "There is no such charge of this payment.");
        }
        if (charge.Currency != request.Currency)
        {
            return Declined(request, "currency_mismatch", $"The charge was made in {charge.Currency}.");
        }
        var left = charge.Amount - books.RefundedOf(request.ChargeId!);
        return request.Amount > left
            ? Declined(request, "refund_exceeds_charge", $"Only {left} {charge.Currency} (minor units) of the charge are left.")
            : Entry(request, Outcomes.Refunded) with { Id = Id("re_") };
    }

    private LedgerEntry Declined(MoneyRequest request, string code, string message) =>
        Entry(request, Outcomes.Declined) with { Code = code, Message = message };

    private LedgerEntry Entry(MoneyRequest request, string outcome) => new()
    {
        Seq = books.LastSeq + 1,
        At = clock.GetUtcNow(),
        Operation = request.Operation,
        Outcome = outcome,
        Key = request.Key,
        Merchant = request.Merchant,
        PaymentId = request.PaymentId,
        Amount = request.Amount,
        Currency = request.Currency,
        PaymentMethod = request.PaymentMethod,
        ChargeId = request.ChargeId,
        Owner = request.Owner,
    };

    private string Id(string prefix) => prefix + (books.LastSeq + 1).ToString("D9", System.Globalization.CultureInfo.InvariantCulture);

    private Task Write(LedgerEntry entry)
    {
        var durable = log.Append(entry);
        books.Add(entry);
        return durable;
    }
}
