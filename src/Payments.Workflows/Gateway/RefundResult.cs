namespace Payments.Workflows;

/// <param name="State">Refunded or Declined.</param>
/// <param name="Amount">What was given back, in minor units; 0: what was asked for.</param>
/// <param name="Replayed">The gateway answered from its record of the key.</param>
public sealed record RefundResult(
    string State, string? RefundId = null, string? Code = null, string? Message = null, DateTimeOffset? At = null, long Amount = 0, bool Replayed = false)
{
    public const string Refunded = "refunded";
    public const string Declined = "declined";
}
