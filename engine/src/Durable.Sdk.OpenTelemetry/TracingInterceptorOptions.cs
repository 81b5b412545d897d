using OpenTelemetry.Context.Propagation;

namespace Temporalio.Extensions.OpenTelemetry;

/// <summary>How traces travel and what spans are tagged with.</summary>
public class TracingInterceptorOptions : ICloneable
{
    public TracingInterceptorOptions()
    {
    }

    /// <summary>The Temporal header that carries the context. The default is what other SDKs use.</summary>
    public string HeaderKey { get; set; } = "_tracer-data";

    /// <summary>Writes a context into a header and reads it back.</summary>
    public TextMapPropagator Propagator { get; set; } = Propagators.DefaultTextMapPropagator;

    /// <summary>Null: no such tag.</summary>
    public string? TagNameWorkflowId { get; set; } = "temporalWorkflowID";

    /// <summary>Null: no such tag.</summary>
    public string? TagNameRunId { get; set; } = "temporalRunID";

    /// <summary>Null: no such tag.</summary>
    public string? TagNameActivityId { get; set; } = "temporalActivityID";

    /// <summary>Null: no such tag.</summary>
    public string? TagNameUpdateId { get; set; } = "temporalUpdateID";

    public virtual object Clone() => MemberwiseClone();
}
