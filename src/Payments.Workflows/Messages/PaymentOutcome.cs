namespace Payments.Workflows;

/// <summary>How a request ended. Business outcomes are values: a decline is one as much as a capture.</summary>
public sealed record PaymentOutcome
{
    /// <summary>One of <see cref="OutcomeCodes"/>.</summary>
    public required string Code { get; init; }

    /// <summary>Nonce of the call that executed; any other caller got a replay.</summary>
    public required string Nonce { get; init; }

    /// <summary>The payment at that moment.</summary>
    public required PaymentView Payment { get; init; }

    public RefundView? Refund { get; init; }

    /// <summary>A sentence for people, where the code is a refusal.</summary>
    public string? Detail { get; init; }

    /// <summary>When the request was accepted.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When the record of the key ends.</summary>
    public required DateTimeOffset Expires { get; init; }
}
