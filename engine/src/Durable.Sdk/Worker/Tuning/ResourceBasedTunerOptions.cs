namespace Temporalio.Worker.Tuning;

/// <summary>Targets of resource based slots, 0 to 1.</summary>
public sealed record ResourceBasedTunerOptions(double TargetMemoryUsage, double TargetCpuUsage);
