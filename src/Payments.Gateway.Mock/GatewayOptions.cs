namespace Payments.Gateway.Mock;

/// <summary>Section <c>Gateway</c>.</summary>
public sealed class GatewayOptions
{
    public const string Section = "Gateway";

    /// <summary>The ledger's file; relative to the working directory.</summary>
    public string Ledger { get; set; } = Path.Combine(".lab", "gateway", "ledger.log");
}
