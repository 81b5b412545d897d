namespace Payments.Workflows;

/// <param name="State">Refunded or Declined.</param>
public sealed record RefundResult(string State, string? RefundId = null, string? Code = null, string? Message = null, DateTimeOffset? At = null)
{
    public const string Refunded = "refunded";
    public const string Declined = "declined";
}
