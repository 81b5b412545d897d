namespace Payments.Workflows;

public enum PaymentEvent
{
    /// <summary>A request was accepted that is to run later.</summary>
    Schedule,

    /// <summary>The charge starts.</summary>
    Begin,

    /// <summary>The gateway did not say how it ended.</summary>
    LoseTrack,

    Capture,
    Decline,

    /// <summary>The gateway will never take the charge, or it was never asked.</summary>
    Void,

    RefundPart,
    RefundAll,
}
