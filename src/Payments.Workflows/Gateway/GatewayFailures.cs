namespace Payments.Workflows;

/// <summary>Error types of failed gateway activities. What the gateway decided (captured, declined, voided) is a result, never a failure.</summary>
public static class GatewayFailures
{
    /// <summary>The gateway refused the connection or said "not now": it did nothing, the same request may be sent again at once.</summary>
    public const string GatewayUnavailable = "GatewayUnavailable";

    /// <summary>The request went out and no answer came that can be trusted: look it up by its key, then decide.</summary>
    public const string OutcomeUnknown = "OutcomeUnknown";
}
