namespace Payments.Ingress;

/// <summary>Section <c>Auth</c>: who may call.</summary>
public sealed class AuthOptions
{
    /// <summary>API keys as hashes; the keys themselves are nowhere.</summary>
    public IList<ApiKeyEntry> ApiKeys { get; } = [];

    public bool IsOn => ApiKeys.Count > 0;
}

public sealed class ApiKeyEntry
{
    public string Merchant { get; set; } = "";

    /// <summary>SHA-256 of the key's UTF-8 bytes, 64 hex digits: <c>printf %s "$KEY" | sha256sum</c>.</summary>
    public string Sha256 { get; set; } = "";
}
