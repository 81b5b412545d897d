namespace Durable.Metrics;

internal enum MetricKind
{
    /// <summary>Each measurement is added; never falls.</summary>
    Sum,

    /// <summary>Each measurement is the whole sum so far.</summary>
    ObservedSum,

    /// <summary>Each measurement is added; may fall.</summary>
    UpDown,

    /// <summary>Each measurement replaces the last.</summary>
    Gauge,

    Histogram,
}
