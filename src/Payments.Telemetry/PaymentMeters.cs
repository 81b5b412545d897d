using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Payments.Telemetry;

/// <summary>
/// Every metric and span source of the service, by the names of the contract. Instruments are named exactly as Prometheus shows them.
/// Labels never carry a key, a payment or a customer.
/// </summary>
public static class PaymentMeters
{
    public const string Name = "Payments";

    public static readonly ActivitySource Spans = new(Name);

    private static readonly Meter Meter = new(Name);

    /// <summary>Buckets for anything from a cached answer to a gateway that hangs.</summary>
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    };

    public static readonly Counter<long> PaymentsTotal = Counter("payments_total", "Operations with a first outcome, by operation and outcome.");
    public static readonly Counter<long> CacheHits = Counter("idempotency_cache_hits_total", "Answers replayed from a stored outcome.");
    public static readonly Counter<long> Conflicts = Counter("idempotency_conflicts_total", "Requests refused because of what their key or payment already stands for.");
    public static readonly Counter<long> ConcurrentWaits = Counter("concurrent_request_waits_total", "Requests that waited for a running request with the same key.");
    public static readonly Counter<long> Requests = Counter("idempotency_requests_total", "Requests with an idempotency scope, by operation and result.");
    public static readonly Counter<long> Refunds = Counter("refunds_total", "Refunds that the gateway confirmed, by currency.");
    public static readonly Counter<long> AmountMinor = Counter("payment_amount_minor_total", "Captured amounts in minor units of the currency.");
    public static readonly Counter<long> RecordsExpired = Counter("idempotency_records_expired_total", "Key records that ended with their lifetime.");
    public static readonly Counter<long> GatewayRequests = Counter("gateway_requests_total", "Requests to the card gateway, by operation and result.");
    public static readonly Counter<long> GatewayRetries = Counter("gateway_retries_total", "Requests to the card gateway that repeated an earlier one.");
    public static readonly Counter<long> GatewayDuplicates = Counter("gateway_duplicates_suppressed_total", "Requests that the gateway answered from its own record of the key.");
    public static readonly UpDownCounter<long> InFlight = Meter.CreateUpDownCounter<long>("payments_in_flight", null, "Requests under way.");

    public static readonly Histogram<double> WaitSeconds = Histogram("idempotency_wait_seconds", "Time spent waiting for a running request with the same key.");
    public static readonly Histogram<double> PaymentSeconds = Histogram("payment_duration_seconds", "Time to answer, by operation and path (new, replay).");
    public static readonly Histogram<double> GatewaySeconds = Histogram("gateway_request_duration_seconds", "Time of a request to the card gateway.");

    /// <summary>For a process that adds a counter of its own; <paramref name="name"/> ends with <c>_total</c>.</summary>
    public static Counter<long> Counter(string name, string help) => Meter.CreateCounter<long>(name, null, help);

    public static Histogram<double> Histogram(string name, string help) => Meter.CreateHistogram(name, "s", help, tags: null, Seconds);

    /// <summary>A value that is read when somebody asks for the metrics, e.g. <c>payments_ledger_drift</c>.</summary>
    public static ObservableGauge<long> Gauge(string name, string help, Func<long> read) => Meter.CreateObservableGauge(name, read, null, help);

    public static KeyValuePair<string, object?> Operation(string operation) => new("operation", operation);

    public static KeyValuePair<string, object?> Outcome(string outcome) => new("outcome", outcome);

    public static KeyValuePair<string, object?> Path(bool replay) => new("path", replay ? "replay" : "new");

    public static KeyValuePair<string, object?> Result(string result) => new("result", result);
}
