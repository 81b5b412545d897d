namespace Temporalio.Client.Interceptors;

public record CountActivitiesInput(string Query, ActivityCountOptions? Options);
