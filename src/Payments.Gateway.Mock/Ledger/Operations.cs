namespace Payments.Gateway.Mock.Ledger;

/// <summary>What a record is about.</summary>
public static class Operations
{
    public const string Charge = "charge";
    public const string Refund = "refund";
    public const string Void = "void";

    /// <summary>Everything before it is forgotten.</summary>
    public const string Clear = "clear";
}
