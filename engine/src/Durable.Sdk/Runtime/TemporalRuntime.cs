using Temporalio.Common;
using Temporalio.Runtime.Internal;

namespace Temporalio.Runtime;

/// <summary>What clients and workers of a process share: metrics.</summary>
public sealed partial class TemporalRuntime
{
    internal const string ReservedNamePrefix = "__temporal_";

    private static readonly Lazy<TemporalRuntime> LazyDefault = new(static () => new TemporalRuntime(new()));

    public TemporalRuntime(TemporalRuntimeOptions options)
    {
        MetricMeter = new InstrumentMeter();
    }

    /// <summary>Used where options name none.</summary>
    public static TemporalRuntime Default => LazyDefault.Value;

    public MetricMeter MetricMeter { get; }
}
