namespace Temporalio.Client.Interceptors;

public record ListActivitiesPaginatedInput(string Query, byte[]? NextPageToken, ActivityListPaginatedOptions? Options);
