namespace Durable.Server.Executions;

/// <param name="Info">Where the update stands now.</param>
/// <param name="Existing">It was there before.</param>
public sealed record UpdateAdmitted(UpdateInfo Info, bool Existing) : ExecutionReply;
