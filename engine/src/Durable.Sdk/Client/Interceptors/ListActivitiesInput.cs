namespace Temporalio.Client.Interceptors;

public record ListActivitiesInput(string Query, ActivityListOptions? Options);
