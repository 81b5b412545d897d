using System.Linq.Expressions;

namespace Temporalio.Client;

public partial interface ITemporalClient
{
    /// <summary>Starts an activity without a workflow.</summary>
    /// <exception cref="Exceptions.ActivityAlreadyStartedException">The id is taken, by the policies of the options.</exception>
    Task<ActivityHandle<TResult>> StartActivityAsync<TResult>(Expression<Func<Task<TResult>>> activityCall, StartActivityOptions options);

    /// <inheritdoc cref="StartActivityAsync{TResult}" />
    Task<ActivityHandle> StartActivityAsync(Expression<Func<Task>> activityCall, StartActivityOptions options);

    /// <inheritdoc cref="StartActivityAsync{TResult}" />
    Task<ActivityHandle> StartActivityAsync(string activity, IReadOnlyCollection<object?> args, StartActivityOptions options);

    /// <summary>Makes no call: the activity may not exist.</summary>
    ActivityHandle GetActivityHandle(string id, string? runId = null);

    /// <inheritdoc cref="GetActivityHandle(string, string?)" />
    ActivityHandle<TResult> GetActivityHandle<TResult>(string id, string? runId = null);

    IAsyncEnumerable<ActivityExecution> ListActivitiesAsync(string query, ActivityListOptions? options = null);

    Task<ActivityListPage> ListActivitiesPaginatedAsync(string query, byte[]? nextPageToken, ActivityListPaginatedOptions? options = null);

    Task<ActivityExecutionCount> CountActivitiesAsync(string query, ActivityCountOptions? options = null);
}
