using System.Linq.Expressions;

namespace Temporalio.Client;

public static partial class ITemporalClientExtensions
{
    /// <exception cref="Exceptions.ActivityFailedException">It did not complete.</exception>
    public static async Task<TResult> ExecuteActivityAsync<TResult>(
        this ITemporalClient client, Expression<Func<Task<TResult>>> activityCall, StartActivityOptions options)
    {
        var handle = await client.StartActivityAsync(activityCall, options).ConfigureAwait(false);
        return await handle.GetResultAsync(options.Rpc).ConfigureAwait(false);
    }

    /// <inheritdoc cref="ExecuteActivityAsync{TResult}(ITemporalClient, Expression{Func{Task{TResult}}}, StartActivityOptions)" />
    public static async Task ExecuteActivityAsync(this ITemporalClient client, Expression<Func<Task>> activityCall, StartActivityOptions options)
    {
        var handle = await client.StartActivityAsync(activityCall, options).ConfigureAwait(false);
        await handle.GetResultAsync(options.Rpc).ConfigureAwait(false);
    }

    /// <inheritdoc cref="ExecuteActivityAsync{TResult}(ITemporalClient, Expression{Func{Task{TResult}}}, StartActivityOptions)" />
    public static async Task<TResult> ExecuteActivityAsync<TResult>(
        this ITemporalClient client, string activity, IReadOnlyCollection<object?> args, StartActivityOptions options)
    {
        var handle = await client.StartActivityAsync(activity, args, options).ConfigureAwait(false);
        return await handle.GetResultAsync<TResult>(options.Rpc).ConfigureAwait(false);
    }

    /// <inheritdoc cref="ExecuteActivityAsync{TResult}(ITemporalClient, Expression{Func{Task{TResult}}}, StartActivityOptions)" />
    public static async Task ExecuteActivityAsync(
        this ITemporalClient client, string activity, IReadOnlyCollection<object?> args, StartActivityOptions options)
    {
        var handle = await client.StartActivityAsync(activity, args, options).ConfigureAwait(false);
        await handle.GetResultAsync(options.Rpc).ConfigureAwait(false);
    }
}
