namespace Payments.Workflows;

/// <summary>Why a request was not taken. Carried as details of the failure that rejects an update, so that the door renders it without reading texts.</summary>
/// <param name="Code">One of <see cref="OutcomeCodes"/>.</param>
public sealed record Refusal(string Code, string Detail, string? CurrentStatus = null, string? ExpectedFingerprint = null, string? ActualFingerprint = null)
{
    /// <summary>Error type of the failure that carries a refusal.</summary>
    public const string ErrorType = "Refused";
}
