namespace Payments.Gateway.Mock.Ledger;

/// <summary>How a request ended at the gateway, whatever its caller got to see of it.</summary>
public static class Outcomes
{
    public const string Captured = "captured";
    public const string Refunded = "refunded";
    public const string Declined = "declined";
    public const string Mismatch = "mismatch";
    public const string Voided = "voided";

    /// <summary>"Not now": nothing happened.</summary>
    public const string Unavailable = "unavailable";

    /// <summary>An error before anything happened.</summary>
    public const string Error = "error";

    /// <summary>The connection was cut before anything happened.</summary>
    public const string Dropped = "dropped";
}
