using System.Diagnostics.Metrics;

namespace Durable.Server.Engine;

/// <summary>The server's metrics under Temporal's names, on the meter <c>Durable.Server</c>.</summary>
public sealed class ServerMetrics : IDisposable
{
    public const string MeterName = "Durable.Server";

    private readonly Meter meter = new(MeterName);
    private readonly Counter<long> requests;
    private readonly Counter<long> errors;
    private readonly Histogram<double> latency;
    private readonly Counter<long> writes;
    private readonly Counter<long> writeErrors;
    private readonly Histogram<double> persistence;

    public ServerMetrics()
    {
        requests = meter.CreateCounter<long>("service_requests", description: "Calls by operation.");
        errors = meter.CreateCounter<long>("service_errors", description: "Calls that were not answered OK, by operation and code.");
        latency = meter.CreateHistogram<double>("service_latency", "s", "Time of a call by operation, long polls left out.");
        writes = meter.CreateCounter<long>("persistence_requests", description: "Transactions handed to the store, by operation.");
        writeErrors = meter.CreateCounter<long>("persistence_errors", description: "Transactions that the store could not write.");
        persistence = meter.CreateHistogram<double>("persistence_latency", "s", "Time from handing a transaction to the store until it is durable.");
    }

    public void Called(string operation, TimeSpan elapsed, bool isPoll, string? errorCode)
    {
        var tag = new KeyValuePair<string, object?>("operation", operation);
        requests.Add(1, tag);
        if (errorCode is not null)
        {
            errors.Add(1, tag, new KeyValuePair<string, object?>("code", errorCode));
        }
        if (!isPoll)
        {
            latency.Record(elapsed.TotalSeconds, tag);
        }
    }

    /// <param name="operation">What the transaction does, as Temporal calls it.</param>
    public void Persisted(string operation, TimeSpan elapsed, bool failed)
    {
        var tag = new KeyValuePair<string, object?>("operation", operation);
        writes.Add(1, tag);
        if (failed)
        {
            writeErrors.Add(1, tag);
        }
        persistence.Record(elapsed.TotalSeconds, tag);
    }

    public void Dispose() => meter.Dispose();
}
