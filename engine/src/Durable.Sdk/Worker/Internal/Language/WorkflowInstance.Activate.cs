using Microsoft.Extensions.Logging;
using Temporalio.Worker.Internal.Commands;
using Temporalio.Worker.Internal.Jobs;
using Temporalio.Workflows;

namespace Temporalio.Worker.Internal.Language;

internal sealed partial class WorkflowInstance
{
    private readonly List<WorkflowCommand> commands = [];
    private Dictionary<string, object>? logScope;
    private bool begun;
    private bool modernEventLoop;

    /// <summary>Applies the jobs and runs workflow code until it only waits.</summary>
    /// <param name="result">Gets the commands.</param>
    /// <returns>Why the workflow task fails; null: it does not.</returns>
    public Exception? Activate(Activation activation, List<WorkflowCommand> result)
    {
        using var scope = logger.IsEnabled(LogLevel.Critical) ? logger.BeginScope(logScope ??= Info.LogScope()) : null;
        commands.Clear();
        activationFailure = foreignFailure;
        ContinueAsNewSuggested = activation.ContinueAsNewSuggested;
        SuggestedContinueAsNewReasons = activation.SuggestedContinueAsNewReasons;
        TargetWorkerDeploymentVersionChanged = activation.TargetWorkerDeploymentVersionChanged;
        CurrentHistoryLength = activation.HistoryLength;
        CurrentHistorySize = activation.HistorySize;
        CurrentDeploymentVersion = activation.DeploymentVersion ?? CurrentDeploymentVersion;
        IsReplaying = activation.IsReplaying;
        UtcNow = activation.Time;
        if (!begun)
        {
            modernEventLoop = !IsReplaying || activation.HasModernEventLoop;
        }

        environment.OnStarting?.Invoke(this);
        var failure = Run(activation);
        if (failure is null && !IsReplaying && commands.Find(static command => command.IsTerminal) is { } terminal and not FailWorkflowCommand)
        {
            WarnOfUnfinishedHandlers();
        }
        environment.OnCompleted?.Invoke(this, failure);
        result.AddRange(commands);
        return failure;
    }

    /// <summary>Whether the run uses the event loop of current SDKs: it must say so in its history.</summary>
    public bool UsesModernEventLoop => modernEventLoop;

    private Exception? Run(Activation activation)
    {
        var previousContext = SynchronizationContext.Current;
        activeThreadId = Environment.CurrentManagedThreadId;
        try
        {
            // A context would take continuations away from the scheduler.
            SynchronizationContext.SetSynchronizationContext(null);
            if (modernEventLoop)
            {
                RunModern(activation.Jobs);
            }
            else
            {
                RunLegacy(activation.Jobs);
                ReorderLegacyCompletion(activation);
            }
            return activationFailure ?? foreignFailure;
        }
        catch (Exception e)
        {
            // Whatever escapes fails the task, not the worker.
            WorkflowLog.ActivationFailed(logger, e, Info.WorkflowType, Info.WorkflowId, Info.RunId);
            return e;
        }
        finally
        {
            activeThreadId = 0;
            SynchronizationContext.SetSynchronizationContext(previousContext);
        }
    }

    private void RunModern(List<ActivationJob> jobs)
    {
        var onlyQueries = true;
        foreach (var job in jobs)
        {
            Apply(job);
            onlyQueries &= job is QueryJob;
        }
        Begin();
        RunTasks(checkConditions: !onlyQueries, wakeAll: false);
    }

    // Histories without the flag were made by running the loop after each job, in another order.
    private void RunLegacy(List<ActivationJob> jobs)
    {
        foreach (var job in jobs.OrderBy(LegacyOrder))
        {
            if (job is InitializeJob)
            {
                Begin();
            }
            else
            {
                Apply(job);
            }
            RunTasks(checkConditions: job is not (NotifyHasPatchJob or QueryJob), wakeAll: true);
        }
    }

    private static int LegacyOrder(ActivationJob job) => job switch
    {
        NotifyHasPatchJob or UpdateRandomSeedJob => 1,
        SignalJob or UpdateJob => 2,
        InitializeJob => 3,
        _ => 4,
    };

    private void ReorderLegacyCompletion(Activation activation)
    {
        if (!IsReplaying || !activation.HasReorderedCompletion)
        {
            return;
        }
        var last = commands.FindLastIndex(static command => command.IsTerminal);
        if (last >= 0)
        {
            var terminal = commands[last];
            commands.RemoveAt(last);
            commands.Add(terminal);
        }
    }

    private void Apply(ActivationJob job)
    {
        switch (job)
        {
            case InitializeJob:
                break;
            case NotifyHasPatchJob patch:
                notifiedPatches.Add(patch.PatchId);
                break;
            case UpdateRandomSeedJob seed:
                random = new Common.DeterministicRandom(seed.Seed);
                break;
            case SignalJob signal:
                Apply(signal);
                break;
            case UpdateJob update:
                Apply(update);
                break;
            case QueryJob query:
                Apply(query);
                break;
            case CancelJob:
                cancellation.Cancel();
                break;
            case FireTimerJob fired:
                if (Timers.Remove(fired.Seq, out var timer))
                {
                    timer.TrySetResult();
                }
                break;
            case ResolveActivityJob activity:
                Pending(Activities, activity.Seq, "activity").Ended.TrySetResult(activity.Resolution);
                break;
            case ResolveChildStartJob childStart:
                Pending(Children, childStart.Seq, "child").Start.TrySetResult(childStart);
                break;
            case ResolveChildJob child:
                Pending(Children, child.Seq, "child").Result.TrySetResult(child);
                break;
            case ResolveSignalJob delivered:
                Pending(ExternalSignals, delivered.Seq, "external signal").TrySetResult(delivered.Failure);
                break;
            case ResolveCancelExternalJob delivered:
                Pending(ExternalCancels, delivered.Seq, "external cancel").TrySetResult(delivered.Failure);
                break;
            default:
                throw new InvalidOperationException($"Bug: unknown job {job.GetType().Name}");
        }
    }

    private static T Pending<T>(Dictionary<uint, T> pending, uint seq, string what) =>
        pending.TryGetValue(seq, out var found) ? found : throw new InvalidOperationException($"Failed finding {what} for sequence {seq}");

    private void Begin()
    {
        if (begun)
        {
            return;
        }
        begun = true;
        _ = QueueAsync(() => RunTopLevelAsync(async () =>
        {
            var result = await Inbound.ExecuteWorkflowAsync(new(Instance, Definition.RunMethod, StartArgs)).ConfigureAwait(true);
            Add(new CompleteWorkflowCommand(PayloadConverter.ToPayload(result)));
        }));
    }

    /// <summary>Runs the main method or a signal handler: what it throws ends the workflow, or fails its task.</summary>
    private async Task RunTopLevelAsync(Func<Task> function)
    {
        try
        {
            try
            {
                await function().ConfigureAwait(true);
            }
            catch (ContinueAsNewException e)
            {
                Add(new ContinueAsNewCommand(ContinueAsNewAttributes(e.Input)));
            }
            catch (Exception e) when (cancellation.IsCancellationRequested && Exceptions.TemporalException.IsCanceledException(e))
            {
                Add(new CancelWorkflowCommand());
            }
            catch (Exception e) when (FailsWorkflow(e))
            {
                Add(new FailWorkflowCommand(FailureConverter.ToFailure(e, PayloadConverter)));
            }
        }
        catch (Exception e)
        {
            // Nothing may escape from the top: this is what fails the task.
            activationFailure = e;
        }
    }

    internal void Add(WorkflowCommand command) => commands.Add(command);
}
