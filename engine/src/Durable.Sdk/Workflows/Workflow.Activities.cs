using System.Linq.Expressions;
using Temporalio.Worker.Internal.Language;

namespace Temporalio.Workflows;

public static partial class Workflow
{
    /// <summary>Runs an activity on whichever worker polls its task queue.</summary>
    /// <param name="activityCall">A single call; its arguments are evaluated now, the method is never called here.</param>
    /// <returns>The activity's result.</returns>
    /// <exception cref="Exceptions.ActivityFailureException">It failed, timed out or was cancelled; the cause says how.</exception>
    /// <exception cref="ArgumentException">No timeout was given, or the call is no activity.</exception>
    public static Task<TResult> ExecuteActivityAsync<TResult>(Expression<Func<TResult>> activityCall, ActivityOptions options)
    {
        var (name, args) = ActivityCall.Of(activityCall);
        return Context.ExecuteActivityAsync<TResult>(name, args, options);
    }

    /// <inheritdoc cref="ExecuteActivityAsync{TResult}(Expression{Func{TResult}}, ActivityOptions)"/>
    public static Task ExecuteActivityAsync(Expression<Action> activityCall, ActivityOptions options)
    {
        var (name, args) = ActivityCall.Of(activityCall);
        return Context.ExecuteActivityAsync<ValueTuple>(name, args, options);
    }

    /// <inheritdoc cref="ExecuteActivityAsync{TResult}(Expression{Func{TResult}}, ActivityOptions)"/>
    public static Task<TResult> ExecuteActivityAsync<TResult>(Expression<Func<Task<TResult>>> activityCall, ActivityOptions options)
    {
        var (name, args) = ActivityCall.Of(activityCall);
        return Context.ExecuteActivityAsync<TResult>(name, args, options);
    }

    /// <inheritdoc cref="ExecuteActivityAsync{TResult}(Expression{Func{TResult}}, ActivityOptions)"/>
    public static Task ExecuteActivityAsync(Expression<Func<Task>> activityCall, ActivityOptions options)
    {
        var (name, args) = ActivityCall.Of(activityCall);
        return Context.ExecuteActivityAsync<ValueTuple>(name, args, options);
    }

    /// <inheritdoc cref="ExecuteActivityAsync{TResult}(Expression{Func{TResult}}, ActivityOptions)"/>
    public static Task<TResult> ExecuteActivityAsync<TActivityInstance, TResult>(Expression<Func<TActivityInstance, TResult>> activityCall, ActivityOptions options)
    {
        var (name, args) = ActivityCall.Of(activityCall);
        return Context.ExecuteActivityAsync<TResult>(name, args, options);
    }

    /// <inheritdoc cref="ExecuteActivityAsync{TResult}(Expression{Func{TResult}}, ActivityOptions)"/>
    public static Task ExecuteActivityAsync<TActivityInstance>(Expression<Action<TActivityInstance>> activityCall, ActivityOptions options)
    {
        var (name, args) = ActivityCall.Of(activityCall);
        return Context.ExecuteActivityAsync<ValueTuple>(name, args, options);
    }

    /// <inheritdoc cref="ExecuteActivityAsync{TResult}(Expression{Func{TResult}}, ActivityOptions)"/>
    public static Task<TResult> ExecuteActivityAsync<TActivityInstance, TResult>(Expression<Func<TActivityInstance, Task<TResult>>> activityCall, ActivityOptions options)
    {
        var (name, args) = ActivityCall.Of(activityCall);
        return Context.ExecuteActivityAsync<TResult>(name, args, options);
    }

    /// <inheritdoc cref="ExecuteActivityAsync{TResult}(Expression{Func{TResult}}, ActivityOptions)"/>
    public static Task ExecuteActivityAsync<TActivityInstance>(Expression<Func<TActivityInstance, Task>> activityCall, ActivityOptions options)
    {
        var (name, args) = ActivityCall.Of(activityCall);
        return Context.ExecuteActivityAsync<ValueTuple>(name, args, options);
    }

    /// <inheritdoc cref="ExecuteActivityAsync{TResult}(Expression{Func{TResult}}, ActivityOptions)"/>
    public static Task ExecuteActivityAsync(string activity, IReadOnlyCollection<object?> args, ActivityOptions options) =>
        Context.ExecuteActivityAsync<ValueTuple>(activity, args, options);

    /// <inheritdoc cref="ExecuteActivityAsync{TResult}(Expression{Func{TResult}}, ActivityOptions)"/>
    public static Task<TResult> ExecuteActivityAsync<TResult>(string activity, IReadOnlyCollection<object?> args, ActivityOptions options) =>
        Context.ExecuteActivityAsync<TResult>(activity, args, options);
}
