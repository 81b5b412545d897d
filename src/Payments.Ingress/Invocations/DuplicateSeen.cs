namespace Payments.Ingress;

/// <summary>A replay, as <see cref="IIngressHooks.OnDuplicate"/> sees it. The key only as its hash.</summary>
public sealed record DuplicateSeen(
    string Service, string Handler, string Merchant, string KeyHash, string? Customer, string? Amount, DateTimeOffset? FirstSeen, bool FromDoor);
