namespace Temporalio.Runtime;

public enum OpenTelemetryMetricTemporality
{
    Cumulative = 0,
    Delta = 1,
}
