namespace Temporalio.Client.Interceptors;

public record CancelActivityInput(string Id, string? RunId, ActivityCancelOptions? Options);
