namespace Payments.Workflows;

/// <summary>What the door knows about a call, beside the request itself.</summary>
/// <param name="KeyHash">See <see cref="Payments.Ids.PaymentIds.KeyHash"/>.</param>
/// <param name="Fingerprint">16 hex digits of what the body is.</param>
/// <param name="Nonce">New for each call, kept over resends of the same RPC: the call whose nonce the outcome carries is the one that executed.</param>
/// <param name="HasKey">False when the caller gave no key and the path id stands for it.</param>
/// <param name="KeyTtl">How long the record of the key lives, from the moment it is accepted.</param>
/// <param name="Bound">The key names the payment itself and stays bound to its body for the payment's life.</param>
/// <param name="SearchHash">Hash of merchant and key alone, by which a record is found without knowing its operation; null without a key.</param>
public sealed record CallInfo(string KeyHash, string Fingerprint, string Nonce, bool HasKey, TimeSpan KeyTtl, string? SearchHash = null, bool Bound = false);
