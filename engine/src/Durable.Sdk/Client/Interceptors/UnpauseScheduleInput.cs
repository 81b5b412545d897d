namespace Temporalio.Client.Interceptors;

public record UnpauseScheduleInput(string Id, string? Note, RpcOptions? RpcOptions);
