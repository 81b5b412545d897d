namespace Durable.Server.Executions;

/// <summary>An update reached another stage, or was aborted (<see cref="UpdateInfo.Fault"/>): wake those who wait for it.</summary>
public sealed record UpdateChanged(string UpdateId, UpdateInfo Info) : ExecutionEffect;
