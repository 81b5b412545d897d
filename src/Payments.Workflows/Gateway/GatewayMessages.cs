namespace Payments.Workflows;

/// <summary>One charge at the gateway.</summary>
/// <param name="Key">Stable over retries, workers and resets; see <see cref="Payments.Ids.PaymentIds.GatewayCharge"/>.</param>
/// <param name="Owner">Which life of the payment asks: the first run id of its chain. Tells a decline of ours from one that another life left behind.</param>
public sealed record ChargeRequest(string Key, string Owner, string Merchant, string PaymentId, long Amount, string Currency, string PaymentMethod);

/// <summary>What the gateway knows about a charge.</summary>
/// <param name="State">Captured, Declined, Voided, Mismatch or Unknown.</param>
/// <param name="Owner">Who asked first, where the gateway recorded it.</param>
/// <param name="Replayed">The gateway answered from its record of the key.</param>
public sealed record ChargeResult(
    string State, string? TransactionId = null, string? Code = null, string? Message = null, DateTimeOffset? At = null,
    string? Owner = null, bool Replayed = false, long Amount = 0, string? Currency = null)
{
    public const string Captured = "captured";
    public const string Declined = "declined";
    public const string Voided = "voided";

    /// <summary>The key stands for a charge of another amount or currency.</summary>
    public const string Mismatch = "mismatch";

    public const string Unknown = "unknown";
}

/// <summary>One refund at the gateway.</summary>
public sealed record RefundRequest(string Key, string Merchant, string PaymentId, string TransactionId, long Amount, string Currency);

/// <param name="State">Refunded or Declined.</param>
public sealed record RefundResult(string State, string? RefundId = null, string? Code = null, string? Message = null, DateTimeOffset? At = null)
{
    public const string Refunded = "refunded";
    public const string Declined = "declined";
}
