using System.Linq.Expressions;
using Temporalio.Worker.Internal.Language;

namespace Temporalio.Workflows;

public static partial class Workflow
{
    /// <summary>Runs an activity in this worker, within the workflow task; the result is recorded by a marker.</summary>
    /// <param name="activityCall">A single call; its arguments are evaluated now, the method is never called here.</param>
    /// <returns>The activity's result.</returns>
    /// <exception cref="Exceptions.ActivityFailureException">It timed out or was cancelled. A failure comes as it is, without a wrapper.</exception>
    /// <exception cref="ArgumentException">No timeout was given, or the call is no activity.</exception>
    public static Task<TResult> ExecuteLocalActivityAsync<TResult>(Expression<Func<TResult>> activityCall, LocalActivityOptions options)
    {
        var (name, args) = ActivityCall.Of(activityCall);
        return Context.ExecuteLocalActivityAsync<TResult>(name, args, options);
    }

    /// <inheritdoc cref="ExecuteLocalActivityAsync{TResult}(Expression{Func{TResult}}, LocalActivityOptions)"/>
    public static Task ExecuteLocalActivityAsync(Expression<Action> activityCall, LocalActivityOptions options)
    {
        var (name, args) = ActivityCall.Of(activityCall);
        return Context.ExecuteLocalActivityAsync<ValueTuple>(name, args, options);
    }

    /// <inheritdoc cref="ExecuteLocalActivityAsync{TResult}(Expression{Func{TResult}}, LocalActivityOptions)"/>
    public static Task<TResult> ExecuteLocalActivityAsync<TResult>(Expression<Func<Task<TResult>>> activityCall, LocalActivityOptions options)
    {
        var (name, args) = ActivityCall.Of(activityCall);
        return Context.ExecuteLocalActivityAsync<TResult>(name, args, options);
    }

    /// <inheritdoc cref="ExecuteLocalActivityAsync{TResult}(Expression{Func{TResult}}, LocalActivityOptions)"/>
    public static Task ExecuteLocalActivityAsync(Expression<Func<Task>> activityCall, LocalActivityOptions options)
    {
        var (name, args) = ActivityCall.Of(activityCall);
        return Context.ExecuteLocalActivityAsync<ValueTuple>(name, args, options);
    }

    /// <inheritdoc cref="ExecuteLocalActivityAsync{TResult}(Expression{Func{TResult}}, LocalActivityOptions)"/>
    public static Task<TResult> ExecuteLocalActivityAsync<TActivityInstance, TResult>(Expression<Func<TActivityInstance, TResult>> activityCall, LocalActivityOptions options)
    {
        var (name, args) = ActivityCall.Of(activityCall);
        return Context.ExecuteLocalActivityAsync<TResult>(name, args, options);
    }

    /// <inheritdoc cref="ExecuteLocalActivityAsync{TResult}(Expression{Func{TResult}}, LocalActivityOptions)"/>
    public static Task ExecuteLocalActivityAsync<TActivityInstance>(Expression<Action<TActivityInstance>> activityCall, LocalActivityOptions options)
    {
        var (name, args) = ActivityCall.Of(activityCall);
        return Context.ExecuteLocalActivityAsync<ValueTuple>(name, args, options);
    }

    /// <inheritdoc cref="ExecuteLocalActivityAsync{TResult}(Expression{Func{TResult}}, LocalActivityOptions)"/>
    public static Task<TResult> ExecuteLocalActivityAsync<TActivityInstance, TResult>(Expression<Func<TActivityInstance, Task<TResult>>> activityCall, LocalActivityOptions options)
    {
        var (name, args) = ActivityCall.Of(activityCall);
        return Context.ExecuteLocalActivityAsync<TResult>(name, args, options);
    }

    /// <inheritdoc cref="ExecuteLocalActivityAsync{TResult}(Expression{Func{TResult}}, LocalActivityOptions)"/>
    public static Task ExecuteLocalActivityAsync<TActivityInstance>(Expression<Func<TActivityInstance, Task>> activityCall, LocalActivityOptions options)
    {
        var (name, args) = ActivityCall.Of(activityCall);
        return Context.ExecuteLocalActivityAsync<ValueTuple>(name, args, options);
    }

    /// <inheritdoc cref="ExecuteLocalActivityAsync{TResult}(Expression{Func{TResult}}, LocalActivityOptions)"/>
    public static Task ExecuteLocalActivityAsync(string activity, IReadOnlyCollection<object?> args, LocalActivityOptions options) =>
        Context.ExecuteLocalActivityAsync<ValueTuple>(activity, args, options);

    /// <inheritdoc cref="ExecuteLocalActivityAsync{TResult}(Expression{Func{TResult}}, LocalActivityOptions)"/>
    public static Task<TResult> ExecuteLocalActivityAsync<TResult>(string activity, IReadOnlyCollection<object?> args, LocalActivityOptions options) =>
        Context.ExecuteLocalActivityAsync<TResult>(activity, args, options);
}
