namespace Temporalio.Client.Interceptors;

public record TerminateActivityInput(string Id, string? RunId, ActivityTerminateOptions? Options);
