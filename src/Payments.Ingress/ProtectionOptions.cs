namespace Payments.Ingress;

/// <summary>Section <c>Protection</c>: switches that take one protection away, to show what it does. Refused outside the lab.</summary>
public sealed class ProtectionOptions
{
    /// <summary>False: each call gets a random update id and key hash, so the engine cannot tell a retry from a new request.</summary>
    public bool UpdateIds { get; set; } = true;
}
