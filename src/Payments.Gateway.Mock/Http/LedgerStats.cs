namespace Payments.Gateway.Mock.Http;

/// <summary>Counts, and sums by currency in minor units.</summary>
public sealed record LedgerStats(
    int Charges, int Refunds, int Attempts, IReadOnlyDictionary<string, long> Charged, IReadOnlyDictionary<string, long> Refunded);
