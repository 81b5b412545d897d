namespace Temporalio.Client.Interceptors;

public record WorkflowHistoryEventPage(IReadOnlyCollection<Temporalio.Api.History.V1.HistoryEvent> Events, byte[]? NextPageToken);
