namespace Payments.Workflows;

/// <summary>One charge at the gateway.</summary>
/// <param name="Key">Stable over retries, workers and resets; see <see cref="Payments.Ids.PaymentIds.GatewayCharge"/>.</param>
/// <param name="Owner">Which life of the payment asks: the first run id of its chain. Tells a decline of ours from one that another life left behind.</param>
public sealed record ChargeRequest(string Key, string Owner, string Merchant, string PaymentId, long Amount, string Currency, string PaymentMethod);
