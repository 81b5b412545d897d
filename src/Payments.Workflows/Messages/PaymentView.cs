namespace Payments.Workflows;

/// <summary>A payment as its callers see it. Amounts in minor units.</summary>
public sealed record PaymentView
{
    public required string Merchant { get; init; }

    public required string PaymentId { get; init; }

    /// <summary>One of <see cref="PaymentStatuses"/>.</summary>
    public required string Status { get; init; }

    public long Amount { get; init; }

    public string Currency { get; init; } = "";

    public string? Description { get; init; }

    public string? CustomerId { get; init; }

    public string? TransactionId { get; init; }

    /// <summary>When the gateway captured or declined it.</summary>
    public DateTimeOffset? ProcessedAt { get; init; }

    /// <summary>Sum of the refunds that the gateway confirmed.</summary>
    public long Refunded { get; init; }

    public string? DeclineCode { get; init; }

    public string? DeclineMessage { get; init; }
}
