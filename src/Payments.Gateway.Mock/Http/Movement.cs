using Payments.Gateway.Mock.Ledger;

namespace Payments.Gateway.Mock.Http;

/// <summary>Money that moved.</summary>
public sealed record Movement(string Id, string? Key, string Merchant, string PaymentId, string? ChargeId, long Amount, string Currency, DateTimeOffset At)
{
    public static Movement From(LedgerEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return new(entry.Id!, entry.Key, entry.Merchant, entry.PaymentId, entry.ChargeId, entry.Amount, entry.Currency, entry.At);
    }
}
