namespace Payments.Ingress;

/// <summary>Section <c>Auth</c>: who may call.</summary>
public sealed class AuthOptions
{
    /// <summary>API keys as hashes; the keys themselves are nowhere.</summary>
    public IList<ApiKeyEntry> ApiKeys { get; } = [];

    public bool IsOn => ApiKeys.Count > 0;
}
