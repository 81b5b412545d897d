using Payments.Gateway.Mock.Ledger;

namespace Payments.Gateway.Mock.Http;

/// <summary>What the gateway tells of a key.</summary>
public sealed record Answer(
    string Kind, string Status, string? Id, string? Key, string Merchant, string PaymentId, string? ChargeId, long Amount, string Currency, string? Owner,
    DateTimeOffset At, string? Code, string? Message, bool Replayed)
{
    public static Answer From(LedgerEntry record, string status, bool replayed)
    {
        ArgumentNullException.ThrowIfNull(record);
        return new(
            record.Operation, status, record.Id, record.Key, record.Merchant, record.PaymentId, record.ChargeId, record.Amount, record.Currency, record.Owner,
            record.At, record.Code, status == Outcomes.Mismatch ? "The key stands for another request." : record.Message, replayed);
    }
}
