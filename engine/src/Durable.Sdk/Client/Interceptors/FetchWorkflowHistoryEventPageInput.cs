namespace Temporalio.Client.Interceptors;

public record FetchWorkflowHistoryEventPageInput(string Id, string? RunId, int? PageSize, byte[]? NextPageToken, bool WaitNewEvent, Temporalio.Api.Enums.V1.HistoryEventFilterType EventFilterType, bool SkipArchival, RpcOptions? Rpc);
