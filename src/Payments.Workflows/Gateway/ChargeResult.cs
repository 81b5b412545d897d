namespace Payments.Workflows;

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
