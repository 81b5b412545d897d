namespace Payments.Ingress;

public sealed class ApiKeyEntry
{
    public string Merchant { get; set; } = "";

    /// <summary>SHA-256 of the key's UTF-8 bytes, 64 hex digits: <c>printf %s "$KEY" | sha256sum</c>.</summary>
    public string Sha256 { get; set; } = "";
}
