namespace Temporalio.Client;

/// <param name="NextPageToken">Null when nothing follows.</param>
public record ActivityListPage(IReadOnlyCollection<ActivityExecution> Activities, byte[]? NextPageToken);
