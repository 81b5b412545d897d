namespace Payments.Client;

/// <summary>What one try came to.</summary>
/// <param name="Trouble">Null when there is a result.</param>
/// <param name="RetryAfter">What the service asked for.</param>
internal sealed record Attempt<T>(T? Result, PaymentsException? Trouble = null, TimeSpan? RetryAfter = null);
