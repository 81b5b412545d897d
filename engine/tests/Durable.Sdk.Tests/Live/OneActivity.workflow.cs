using Temporalio.Activities;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Durable.Sdk.Tests.Live;

/// <summary>Runs an activity by name.</summary>
[Workflow]
public class OneActivity
{
    [WorkflowRun]
    public Task<string> RunAsync(string activity, bool waits) => Workflow.ExecuteActivityAsync<string>(activity, [], new()
    {
        StartToCloseTimeout = TimeSpan.FromSeconds(60),
        HeartbeatTimeout = TimeSpan.FromSeconds(20),
        RetryPolicy = new() { InitialInterval = TimeSpan.FromMilliseconds(10) },
        CancellationType = waits ? ActivityCancellationType.WaitCancellationCompleted : ActivityCancellationType.TryCancel,
    });
}

/// <summary>Activities that tell a test what happens to them.</summary>
public class WatchedActivities
{
    public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource<ActivityInfo> Info { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ActivityCancelReason Reason { get; private set; }

    public ActivityCancellationDetails? Details { get; private set; }

    public bool SawShutdown { get; private set; }

    [Activity]
    public async Task<string> Hold()
    {
        var context = ActivityExecutionContext.Current;
        Started.TrySetResult();
        try
        {
            while (true)
            {
                context.Heartbeat();
                await Task.Delay(20, context.CancellationToken);
            }
        }
        finally
        {
            Reason = context.CancelReason;
            Details = context.CancellationDetails;
            SawShutdown = context.WorkerShutdownToken.IsCancellationRequested;
            Ended.TrySetResult();
        }
    }

    [Activity]
    public async Task<string> Resume()
    {
        var context = ActivityExecutionContext.Current;
        if (context.Info.Attempt == 1)
        {
            context.Heartbeat("page", 7);
            throw new ApplicationFailureException("torn");
        }
        return $"from {await context.Info.HeartbeatDetailAtAsync<string>(0)} {await context.Info.HeartbeatDetailAtAsync<int>(1)}";
    }

    [Activity]
    public string Elsewhere()
    {
        Info.TrySetResult(ActivityExecutionContext.Current.Info);
        throw new CompleteAsyncException();
    }
}

public class ScopeCounter
{
    public int Calls { get; set; }
}

public class ScopedActivities(ScopeCounter counter)
{
    [Activity]
    public string CountScope()
    {
        counter.Calls++;
        var attempt = ActivityExecutionContext.Current.Info.Attempt;
        return attempt == 1 ? throw new ApplicationFailureException("once more") : $"attempt {attempt}, call {counter.Calls} of its scope";
    }
}
