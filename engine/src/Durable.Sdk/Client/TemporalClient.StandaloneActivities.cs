using System.Linq.Expressions;
using Temporalio.Client.Internal;

namespace Temporalio.Client;

public partial class TemporalClient
{
    public Task<ActivityHandle<TResult>> StartActivityAsync<TResult>(Expression<Func<Task<TResult>>> activityCall, StartActivityOptions options)
    {
        var (name, args) = Calls.Activity(activityCall);
        return OutboundInterceptor.StartActivityAsync<TResult>(new(name, args, options, null));
    }

    public async Task<ActivityHandle> StartActivityAsync(Expression<Func<Task>> activityCall, StartActivityOptions options)
    {
        var (name, args) = Calls.Activity(activityCall);
        return await OutboundInterceptor.StartActivityAsync<ValueTuple>(new(name, args, options, null)).ConfigureAwait(false);
    }

    public async Task<ActivityHandle> StartActivityAsync(string activity, IReadOnlyCollection<object?> args, StartActivityOptions options) =>
        await OutboundInterceptor.StartActivityAsync<ValueTuple>(new(activity, args, options, null)).ConfigureAwait(false);

    public ActivityHandle GetActivityHandle(string id, string? runId = null) => new(this, id, runId);

    public ActivityHandle<TResult> GetActivityHandle<TResult>(string id, string? runId = null) => new(this, id, runId);

    public IAsyncEnumerable<ActivityExecution> ListActivitiesAsync(string query, ActivityListOptions? options = null) =>
        OutboundInterceptor.ListActivitiesAsync(new(query, options));

    public Task<ActivityListPage> ListActivitiesPaginatedAsync(string query, byte[]? nextPageToken, ActivityListPaginatedOptions? options = null) =>
        OutboundInterceptor.ListActivitiesPaginatedAsync(new(query, nextPageToken, options));

    public Task<ActivityExecutionCount> CountActivitiesAsync(string query, ActivityCountOptions? options = null) =>
        OutboundInterceptor.CountActivitiesAsync(new(query, options));
}
