namespace Payments.Workflows;

/// <summary>A key's record as callers see it.</summary>
/// <param name="State">PROCESSING, COMPLETED or FAILED.</param>
public sealed record KeyRecord(
    string State, string Operation, string KeyHash, string Fingerprint, bool HasKey, DateTimeOffset Created, DateTimeOffset Expires, PaymentOutcome? Outcome)
{
    public const string Processing = "PROCESSING";
    public const string Completed = "COMPLETED";
    public const string Failed = "FAILED";
}
