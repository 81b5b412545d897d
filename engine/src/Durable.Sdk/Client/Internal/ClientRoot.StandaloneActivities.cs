using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Client.Interceptors;
using Temporalio.Exceptions;
using Temporalio.Worker.Internal.Language;

namespace Temporalio.Client.Internal;

/// <summary>Activities without a workflow.</summary>
internal sealed partial class ClientRoot
{
    public override async Task<ActivityHandle<TResult>> StartActivityAsync<TResult>(StartActivityInput input)
    {
        var options = input.Options;
        var id = string.IsNullOrEmpty(options.Id) ? throw new ArgumentException("ID required to start activity") : options.Id;
        var taskQueue = string.IsNullOrEmpty(options.TaskQueue) ? throw new ArgumentException("Task queue required to start activity") : options.TaskQueue;
        if (options.ScheduleToCloseTimeout is null && options.StartToCloseTimeout is null)
        {
            throw new ArgumentException("Activity must have ScheduleToCloseTimeout or StartToCloseTimeout");
        }
        if (options.StartDelay < TimeSpan.Zero)
        {
            throw new ArgumentException("StartDelay must be non-negative");
        }
        var converter = StandaloneActivities.ConverterFor(client, id, input.Activity, taskQueue);
        try
        {
            var response = await client.WorkflowService.StartActivityExecutionAsync(
                new()
                {
                    Namespace = client.Options.Namespace,
                    Identity = IdentityOf(client),
                    RequestId = Guid.NewGuid().ToString(),
                    ActivityId = id,
                    ActivityType = new() { Name = input.Activity },
                    TaskQueue = new() { Name = taskQueue },
                    ScheduleToCloseTimeout = Protos.Duration(options.ScheduleToCloseTimeout),
                    ScheduleToStartTimeout = Protos.Duration(options.ScheduleToStartTimeout),
                    StartToCloseTimeout = Protos.Duration(options.StartToCloseTimeout),
                    HeartbeatTimeout = Protos.Duration(options.HeartbeatTimeout),
                    StartDelay = Protos.Duration(options.StartDelay),
                    RetryPolicy = Protos.RetryPolicy(options.RetryPolicy),
                    Input = await converter.EncodeAsync(input.Args).ConfigureAwait(false),
                    IdReusePolicy = options.IdReusePolicy,
                    IdConflictPolicy = options.IdConflictPolicy,
                    SearchAttributes = options.TypedSearchAttributes is { Count: > 0 } attributes ? attributes.ToProto() : null,
                    Header = await converter.HeaderAsync(input.Headers).ConfigureAwait(false),
                    UserMetadata = await converter.UserMetadataAsync(options.StaticSummary, options.StaticDetails).ConfigureAwait(false),
                    Priority = Protos.Priority(options.Priority),
                },
                Retried(options.Rpc)).ConfigureAwait(false);
            return new ActivityHandle<TResult>(client, id, response.RunId);
        }
        catch (RpcException fault) when (fault.Code == RpcException.StatusCode.AlreadyExists && DetailOf<ActivityExecutionAlreadyStartedFailure>(fault) is { } detail)
        {
            throw new ActivityAlreadyStartedException(fault.Message, id, input.Activity, detail.RunId);
        }
    }

    public override async Task<ActivityExecutionDescription> DescribeActivityAsync(DescribeActivityInput input) => new(
        await client.WorkflowService.DescribeActivityExecutionAsync(
            new()
            {
                Namespace = client.Options.Namespace,
                ActivityId = input.Id,
                RunId = input.RunId ?? string.Empty,
                LongPollToken = Token(input.Options?.LongPollToken),
            },
            Retried(input.Options?.Rpc)).ConfigureAwait(false),
        client.Options.Namespace,
        StandaloneActivities.ConverterFor(client, input.Id));

    public override Task CancelActivityAsync(CancelActivityInput input) =>
        client.WorkflowService.RequestCancelActivityExecutionAsync(
            new()
            {
                Namespace = client.Options.Namespace,
                ActivityId = input.Id,
                RunId = input.RunId ?? string.Empty,
                Identity = IdentityOf(client),
                RequestId = Guid.NewGuid().ToString(),
                Reason = input.Options?.Reason ?? string.Empty,
            },
            Retried(input.Options?.Rpc));

    public override Task TerminateActivityAsync(TerminateActivityInput input) =>
        client.WorkflowService.TerminateActivityExecutionAsync(
            new()
            {
                Namespace = client.Options.Namespace,
                ActivityId = input.Id,
                RunId = input.RunId ?? string.Empty,
                Identity = IdentityOf(client),
                RequestId = Guid.NewGuid().ToString(),
                Reason = input.Options?.Reason ?? string.Empty,
            },
            Retried(input.Options?.Rpc));

    public override IAsyncEnumerable<ActivityExecution> ListActivitiesAsync(ListActivitiesInput input) => PagedAsync(
        input.Options?.Limit ?? 0,
        input.Options?.Rpc,
        async (token, rpc) =>
        {
            var page = await client.OutboundInterceptor.ListActivitiesPaginatedAsync(
                new(input.Query, token, new ActivityListPaginatedOptions { Rpc = rpc })).ConfigureAwait(false);
            return (page.Activities, page.NextPageToken);
        });

    public override async Task<ActivityListPage> ListActivitiesPaginatedAsync(ListActivitiesPaginatedInput input)
    {
        var response = await client.WorkflowService.ListActivityExecutionsAsync(
            new()
            {
                Namespace = client.Options.Namespace,
                Query = input.Query,
                PageSize = input.Options?.PageSize ?? 0,
                NextPageToken = Token(input.NextPageToken),
            },
            Retried(input.Options?.Rpc)).ConfigureAwait(false);
        return new ActivityListPage(
            [.. response.Executions.Select(info => new ActivityExecution(info, client.Options.Namespace))], Token(response.NextPageToken));
    }

    public override async Task<ActivityExecutionCount> CountActivitiesAsync(CountActivitiesInput input) => new(
        await client.WorkflowService.CountActivityExecutionsAsync(
            new() { Namespace = client.Options.Namespace, Query = input.Query }, Retried(input.Options?.Rpc)).ConfigureAwait(false));
}
