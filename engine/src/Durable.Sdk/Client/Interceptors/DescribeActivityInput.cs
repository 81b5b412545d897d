namespace Temporalio.Client.Interceptors;

public record DescribeActivityInput(string Id, string? RunId, ActivityDescribeOptions? Options);
