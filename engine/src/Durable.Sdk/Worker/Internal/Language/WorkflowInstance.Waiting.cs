using Temporalio.Converters;
using Temporalio.Worker.Internal.Jobs;
using Temporalio.Workflows;

namespace Temporalio.Worker.Internal.Language;

internal sealed partial class WorkflowInstance
{
    internal Dictionary<uint, TaskCompletionSource> Timers { get; } = [];

    internal Dictionary<uint, PendingActivity> Activities { get; } = [];

    internal Dictionary<uint, PendingChild> Children { get; } = [];

    internal Dictionary<uint, TaskCompletionSource<Api.Failure.V1.Failure?>> ExternalSignals { get; } = [];

    internal Dictionary<uint, TaskCompletionSource<Api.Failure.V1.Failure?>> ExternalCancels { get; } = [];

    public Task DelayAsync(DelayOptions options) => Outbound.DelayAsync(new(options.Delay, options.CancellationToken, options.Summary));

    public Task<TResult> ExecuteActivityAsync<TResult>(string activity, IReadOnlyCollection<object?> args, ActivityOptions options) =>
        Outbound.ScheduleActivityAsync<TResult>(new(activity, args, options, null));

    public Task<TResult> ExecuteLocalActivityAsync<TResult>(string activity, IReadOnlyCollection<object?> args, LocalActivityOptions options) =>
        Outbound.ScheduleLocalActivityAsync<TResult>(new(activity, args, options, null));

    public Task<ChildWorkflowHandle<TWorkflow, TResult>> StartChildWorkflowAsync<TWorkflow, TResult>(
        string workflow, IReadOnlyCollection<object?> args, ChildWorkflowOptions options) =>
        Outbound.StartChildWorkflowAsync<TWorkflow, TResult>(new(workflow, args, options, null));

    public ExternalWorkflowHandle<TWorkflow> GetExternalWorkflowHandle<TWorkflow>(string id, string? runId) =>
        new ExternalHandle<TWorkflow>(this, id, runId);

    public ContinueAsNewException CreateContinueAsNewException(
        string workflow, IReadOnlyCollection<object?> args, ContinueAsNewOptions? options) =>
        Outbound.CreateContinueAsNewException(new(workflow, args, options, null));

    internal Task SignalAsync(Interceptors.SignalChildWorkflowInput input) => Outbound.SignalChildWorkflowAsync(input);

    internal Task SignalAsync(Interceptors.SignalExternalWorkflowInput input) => Outbound.SignalExternalWorkflowAsync(input);

    internal Task CancelAsync(Interceptors.CancelExternalWorkflowInput input) => Outbound.CancelExternalWorkflowAsync(input);

    public Task<bool> WaitConditionAsync(WaitConditionOptions options)
    {
        ThrowIfReadOnly("wait or schedule workflow work");
        var woken = new TaskCompletionSource();
        var node = conditions.AddLast(new Condition(options.ConditionCheck, woken));
        var token = options.CancellationToken ?? CancellationToken;
        // The timer is made inside the task, so it takes its number after whatever the caller does next.
        return QueueAsync(async () =>
        {
            try
            {
                using var registration = token.Register(() => woken.TrySetCanceled(token));
                if (options.Timeout is not { } timeout)
                {
                    await woken.Task.ConfigureAwait(true);
                    return true;
                }
                using var timerCancellation = new CancellationTokenSource();
                var timer = DelayAsync(new(timeout, options.TimeoutSummary, timerCancellation.Token));
                if (await Task.WhenAny(woken.Task, timer).ConfigureAwait(true) != woken.Task)
                {
                    return false;
                }
                try
                {
                    await woken.Task.ConfigureAwait(true);
                    return true;
                }
                finally
                {
                    timerCancellation.Cancel();
                }
            }
            finally
            {
                conditions.Remove(node);
            }
        });
    }

    internal sealed record PendingActivity(TaskCompletionSource<ActivityResolution> Ended, ISerializationContext.Activity Context);

    internal sealed record PendingChild(
        TaskCompletionSource<ResolveChildStartJob> Start, TaskCompletionSource<ResolveChildJob> Result, ISerializationContext.Workflow Context);
}
