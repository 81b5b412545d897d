namespace Payments.Gateway.Mock.Ledger;

/// <summary>One line of the ledger: a request that came to a decision.</summary>
public sealed record LedgerEntry
{
    public required long Seq { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>One of <see cref="Operations"/>.</summary>
    public required string Operation { get; init; }

    /// <summary>One of <see cref="Outcomes"/>.</summary>
    public required string Outcome { get; init; }

    public string? Key { get; init; }

    public string Merchant { get; init; } = "";

    public string PaymentId { get; init; } = "";

    /// <summary>In minor units.</summary>
    public long Amount { get; init; }

    public string Currency { get; init; } = "";

    public string? PaymentMethod { get; init; }

    /// <summary>The charge that a refund is of.</summary>
    public string? ChargeId { get; init; }

    public string? Owner { get; init; }

    /// <summary>Set when money moved with this line; a repetition moves none.</summary>
    public string? Id { get; init; }

    public string? Code { get; init; }

    public string? Message { get; init; }

    /// <summary>Answered from the record of the key.</summary>
    public bool Repetition { get; init; }

    /// <summary>Whether a request with the same key may be answered from this record: all that is compared is the same.</summary>
    public bool SameRequest(MoneyRequest other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Operation == other.Operation && Merchant == other.Merchant && PaymentId == other.PaymentId
            && Amount == other.Amount && Currency == other.Currency && PaymentMethod == other.PaymentMethod && ChargeId == other.ChargeId;
    }
}
