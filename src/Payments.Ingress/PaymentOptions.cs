namespace Payments.Ingress;

/// <summary>Section <c>Payments</c>.</summary>
public sealed class PaymentOptions
{
    /// <summary>How long a captured payment can be refunded.</summary>
    public TimeSpan RefundWindow { get; set; } = TimeSpan.FromDays(180);

    public string TaskQueue { get; set; } = Workflows.TaskQueues.Payments;

    /// <summary>The merchant of a call that names none, where authentication is off.</summary>
    public string DefaultMerchant { get; set; } = "default";
}
