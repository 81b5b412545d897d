using Temporalio.Api.Update.V1;

namespace Durable.Server.Executions;

/// <summary>Admits an update or finds the one with the same id; answers <see cref="UpdateAdmitted"/>. The id is set.</summary>
public sealed record AdmitUpdate(Request Request) : ExecutionCommand;
