using System.Threading.Channels;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Worker.Internal.Core;
using Temporalio.Worker.Internal.Language;

namespace Temporalio.Worker.Internal.Runs;

internal sealed partial class WorkflowWorker
{
    /// <summary>The share of the workflow task's timeout after which the server is told that the task is still worked on.</summary>
    private const double HeartbeatShare = 0.8;

    /// <summary>Runs the local activities that code asked for, and code on their results, until none is left or the task gets too old.</summary>
    /// <returns>Why the task fails; and whether the server must give another task at once.</returns>
    /// <exception cref="OperationCanceledException">The worker stops: it does not ask for more time, and another worker runs the local activities again.</exception>
    private async Task<(Exception? Failure, bool Heartbeat)> AwaitLocalActivitiesAsync(RunHandle handle, WorkflowRun run, PollWorkflowTaskQueueResponse response)
    {
        var queue = run.Machines.LocalActivities;
        StartLocalActivities(handle, run);
        if (queue.Outstanding == 0)
        {
            return (null, false);
        }
        var limit = (run.Instance?.Info.TaskTimeout ?? TimeSpan.FromSeconds(10)) * HeartbeatShare;
        using var aged = new CancellationTokenSource(limit, environment.Clock);
        while (queue.Outstanding > 0 && !run.Machines.HasTerminalCommand)
        {
            try
            {
                await handle.EndedLocalActivities.Reader.WaitToReadAsync(aged.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!stops)
            {
                return (null, true);
            }
            while (handle.EndedLocalActivities.Reader.TryRead(out var ended))
            {
                queue.Ended(ended.Seq);
                if (handle.LocalActivities.Remove(ended.Seq, out var cancellation))
                {
                    cancellation.Dispose();
                }
                run.Machines.LocalActivityMachines.GetValueOrDefault(ended.Seq)?.End(ended.Outcome, ended.Runtime);
            }
            if (await run.ActivateWhilePendingAsync().ConfigureAwait(false) is { } failure)
            {
                return (failure, false);
            }
            StartLocalActivities(handle, run);
        }
        return (null, false);
    }

    private void StartLocalActivities(RunHandle handle, WorkflowRun run)
    {
        var queue = run.Machines.LocalActivities;
        foreach (var seq in queue.TakeToCancel())
        {
            handle.LocalActivities.GetValueOrDefault(seq)?.Cancel();
        }
        foreach (var request in queue.TakeToStart())
        {
            request.OriginalScheduleTime ??= environment.Clock.GetUtcNow().UtcDateTime;
            var cancellation = new CancellationTokenSource();
            handle.LocalActivities[request.Seq] = cancellation;
            _ = RunLocalActivityAsync(handle, run, request, cancellation.Token);
        }
    }

    private async Task RunLocalActivityAsync(RunHandle handle, WorkflowRun run, LocalActivityRequest request, CancellationToken cancellationToken)
    {
        var started = environment.Clock.GetTimestamp();
        LocalActivityOutcome outcome;
        try
        {
            outcome = await settings.LocalActivities.RunAsync(request, run.Instance!.Info, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The runner turns what activities throw into outcomes; this is a failure of its own, which the workflow must see.
            outcome = new LocalActivityOutcome
            {
                Kind = LocalActivityOutcomeKind.Failed,
                Failure = environment.ToFailure(e),
                Attempt = request.Attempt,
                OriginalScheduleTime = request.OriginalScheduleTime,
                IsPlain = true,
            };
        }
        handle.EndedLocalActivities.Writer.TryWrite(new(request.Seq, outcome, environment.Clock.GetElapsedTime(started)));
    }
}
