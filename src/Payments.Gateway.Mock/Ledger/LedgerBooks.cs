namespace Payments.Gateway.Mock.Ledger;

/// <summary>What the lines of the ledger add up to. The same lines give the same books, at work and on start. Not thread-safe.</summary>
public sealed class LedgerBooks
{
    private readonly Dictionary<string, LedgerEntry> keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LedgerEntry> chargesById = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> refundedByCharge = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> refusedByRequest = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<LedgerEntry>> movementsByPayment = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> charged = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> refunded = new(StringComparer.Ordinal);
    private readonly List<LedgerEntry> charges = [];
    private readonly List<LedgerEntry> refunds = [];
    private readonly List<LedgerEntry> attempts = [];

    public long LastSeq { get; private set; }

    /// <summary>What each key stands for: captured, refunded, declined or voided.</summary>
    public IReadOnlyDictionary<string, LedgerEntry> Keys => keys;

    public IReadOnlyDictionary<string, LedgerEntry> ChargesById => chargesById;

    public IReadOnlyList<LedgerEntry> Charges => charges;

    public IReadOnlyList<LedgerEntry> Refunds => refunds;

    /// <summary>Requests for money in the order of their decisions.</summary>
    public IReadOnlyList<LedgerEntry> Attempts => attempts;

    /// <summary>Sums by currency, in minor units.</summary>
    public IReadOnlyDictionary<string, long> Charged => charged;

    public IReadOnlyDictionary<string, long> Refunded => refunded;

    public long RefundedOf(string chargeId) => refundedByCharge.GetValueOrDefault(chargeId);

    /// <summary>How often this request was told "not now". Without a key, requests of one payment count as one.</summary>
    public int Refused(MoneyRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return refusedByRequest.GetValueOrDefault(RequestName(request.Key, request.Merchant, request.PaymentId));
    }

    public IReadOnlyList<LedgerEntry> MovementsOf(string paymentId) => movementsByPayment.TryGetValue(paymentId, out var known) ? known : [];

    public void Add(LedgerEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.Seq <= LastSeq)
        {
            throw new InvalidDataException($"Ledger line {entry.Seq} comes after line {LastSeq}.");
        }
        LastSeq = entry.Seq;
        if (entry.Operation == Operations.Clear)
        {
            Clear();
            return;
        }
        if (entry.Operation is Operations.Charge or Operations.Refund)
        {
            attempts.Add(entry);
        }
        if (entry.Outcome == Outcomes.Unavailable)
        {
            var name = RequestName(entry.Key, entry.Merchant, entry.PaymentId);
            refusedByRequest[name] = refusedByRequest.GetValueOrDefault(name) + 1;
            return;
        }
        if (entry.Repetition || entry.Outcome is Outcomes.Error or Outcomes.Dropped)
        {
            return;
        }
        if (entry.Key is not null)
        {
            keys.Add(entry.Key, entry);
        }
        if (entry.Id is not null)
        {
            Move(entry);
        }
    }

    private void Move(LedgerEntry entry)
    {
        if (entry.Operation == Operations.Charge)
        {
            charges.Add(entry);
            chargesById.Add(entry.Id!, entry);
            charged[entry.Currency] = charged.GetValueOrDefault(entry.Currency) + entry.Amount;
        }
        else
        {
            refunds.Add(entry);
            refundedByCharge[entry.ChargeId!] = RefundedOf(entry.ChargeId!) + entry.Amount;
            refunded[entry.Currency] = refunded.GetValueOrDefault(entry.Currency) + entry.Amount;
        }
        if (!movementsByPayment.TryGetValue(entry.PaymentId, out var movements))
        {
            movementsByPayment.Add(entry.PaymentId, movements = []);
        }
        movements.Add(entry);
    }

    private void Clear()
    {
        keys.Clear();
        chargesById.Clear();
        refundedByCharge.Clear();
        refusedByRequest.Clear();
        movementsByPayment.Clear();
        charged.Clear();
        refunded.Clear();
        charges.Clear();
        refunds.Clear();
        attempts.Clear();
    }

    // A key cannot hold a line feed, so the two forms never meet.
    private static string RequestName(string? key, string merchant, string paymentId) => key ?? $"{merchant}\n{paymentId}";
}
