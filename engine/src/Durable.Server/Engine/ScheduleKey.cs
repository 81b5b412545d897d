namespace Durable.Server.Engine;

/// <summary>Names one schedule.</summary>
internal readonly record struct ScheduleKey(string Namespace, string ScheduleId);
