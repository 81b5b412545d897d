namespace Payments.Workflows;

/// <summary>What a payment knows about one idempotency key.</summary>
public sealed record KeyEntry
{
    public required string KeyHash { get; init; }

    /// <summary>Create, Refund or Cancel.</summary>
    public required string Operation { get; init; }

    public required string Fingerprint { get; init; }

    public required string Nonce { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Expires { get; init; }

    /// <summary>False when the caller gave no key and the path id stood for it.</summary>
    public bool HasKey { get; init; }

    /// <summary>The key names the payment: no expiry frees it for another body.</summary>
    public bool Bound { get; init; }

    /// <summary>Hash of merchant and key alone; null without a key.</summary>
    public string? SearchHash { get; init; }

    /// <summary>How often the key was freed by its expiry and taken for another body.</summary>
    public int Use { get; init; }

    /// <summary>Told once that its lifetime is over.</summary>
    public bool ExpiryCounted { get; set; }

    /// <summary>Null while the request is under way.</summary>
    public PaymentOutcome? Outcome { get; set; }

    public bool IsExpired(DateTimeOffset now) => Outcome is not null && Expires <= now;
}
