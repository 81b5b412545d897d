namespace Durable.Server.Executions;

/// <summary>
/// Another run is to be told something. Deliver it at least once and answer with <see cref="ResolveChildStart"/>,
/// <see cref="ResolveExternalSignal"/>, <see cref="ResolveExternalCancel"/> or <see cref="AcknowledgeOutbox"/>.
/// </summary>
public sealed record OutboxReady(OutboxEntry Entry) : ExecutionEffect;
