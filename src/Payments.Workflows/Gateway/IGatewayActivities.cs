using Temporalio.Activities;

namespace Payments.Workflows;

/// <summary>
/// The side effects of payments. Every call carries a key under which the gateway acts at most once, so each may be repeated.
/// Failures are of the types in <see cref="GatewayFailures"/>.
/// </summary>
public interface IGatewayActivities
{
    [Activity(GatewayActivities.Charge)]
    Task<ChargeResult> ChargeAsync(ChargeRequest request);

    /// <summary>What the gateway knows under a charge's key; <see cref="ChargeResult.Unknown"/> when it knows nothing, which is never final.</summary>
    [Activity(GatewayActivities.FindCharge)]
    Task<ChargeResult> FindChargeAsync(string key);

    /// <summary>Makes sure that nothing is ever charged under the key, or says that something was.</summary>
    [Activity(GatewayActivities.VoidCharge)]
    Task<ChargeResult> VoidChargeAsync(string key);

    [Activity(GatewayActivities.Refund)]
    Task<RefundResult> RefundAsync(RefundRequest request);

    /// <summary>The refunds that the gateway has made of a charge.</summary>
    [Activity(GatewayActivities.FindRefunds)]
    Task<IReadOnlyList<KnownRefund>> FindRefundsAsync(string merchant, string paymentId, string transactionId);
}
