namespace Payments.Lab.Watch;

/// <summary>The gateway's ledger beside the service's own counts, by number of payments.</summary>
/// <param name="Charged">Charges in the ledger.</param>
/// <param name="Acknowledged">Payments that the service counts as paid, also those refunded since.</param>
/// <param name="Pending">Payments without an outcome.</param>
public sealed record LedgerAudit(long Charged, long Acknowledged, long Pending)
{
    /// <summary>
    /// Above 0: somebody paid for nothing, for certain. Below 0, by at most the pending ones: payments under way that are not charged yet, or visibility that is ahead.
    /// </summary>
    public long Drift => Charged - Acknowledged - Pending;

    /// <summary>The drift in Prometheus text.</summary>
    public string Metric =>
        $"# HELP payments_ledger_drift Charges at the gateway minus payments acknowledged and pending.\n# TYPE payments_ledger_drift gauge\npayments_ledger_drift {Drift}\n";
}
