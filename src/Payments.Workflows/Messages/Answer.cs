namespace Payments.Workflows;

/// <summary>What a payment answers about one request: its outcome, that it is under way, or why it was not taken.</summary>
/// <param name="Record">Null when the payment does not know the request.</param>
/// <param name="Refusal">Set when the request was put into the history but could not be taken.</param>
/// <param name="Payment">Null while the payment is empty.</param>
public sealed record Answer(KeyRecord? Record, Refusal? Refusal, PaymentView? Payment);

/// <summary>Why a request was not taken. Carried as details of the failure that rejects an update, so that the door renders it without reading texts.</summary>
/// <param name="Code">One of <see cref="OutcomeCodes"/>.</param>
public sealed record Refusal(string Code, string Detail, string? CurrentStatus = null, string? ExpectedFingerprint = null, string? ActualFingerprint = null)
{
    /// <summary>Error type of the failure that carries a refusal.</summary>
    public const string ErrorType = "Refused";
}
