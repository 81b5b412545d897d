namespace Payments.Lab.Traffic;

/// <param name="Confirmed">Rows whose caller saw a success.</param>
/// <param name="Charges">What the ledger has more than before.</param>
public sealed record MassResult(RetryStyle Style, int Rows, long Calls, long Confirmed, int Charges);
