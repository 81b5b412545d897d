using Temporalio.Api.Common.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.Query.V1;
using Temporalio.Common;
using Temporalio.Worker.Internal.Commands;
using Temporalio.Worker.Internal.Core;
using Temporalio.Worker.Internal.Jobs;
using Temporalio.Worker.Internal.Language;
using Temporalio.Workflows;

namespace Temporalio.Worker.Internal.Runs;

/// <summary>A run in the worker's memory: its core and, once it has begun, its workflow. Turns one into activations of the other.</summary>
/// <remarks>Used by one task at a time.</remarks>
internal sealed class WorkflowRun(WorkflowRunEnvironment environment, string workflowId, string runId)
{
    private readonly Activation activation = new();
    private readonly List<WorkflowCommand> commands = [];
    private WorkflowInstance? instance;

    public string WorkflowId => workflowId;

    public string RunId => runId;

    public RunMachines Machines { get; } = new(runId);

    public WorkflowInstance? Instance => instance;

    /// <summary>The codec, told of this run; null: there is none.</summary>
    public PayloadCoding? Coding => coding ?? environment.Coding;

    private PayloadCoding? coding;

    /// <summary>Since when workflow code runs in the present activation, as <see cref="TimeProvider.GetTimestamp"/>; 0: it does not.</summary>
    public long ActiveSince => Volatile.Read(ref activeSince);

    private long activeSince;

    // Of the worker that had, or has, the task: a query after it sees the same.
    private WorkerDeploymentVersion? version;

    /// <summary>Applies history and code in turns until code waits for something that is not there yet.</summary>
    /// <param name="stopAtLive">For replays: ends when history is at its end, without running code on its own account.</param>
    /// <returns>Why the workflow task fails; null: it does not.</returns>
    public async Task<Exception?> AdvanceAsync(bool stopAtLive = false)
    {
        try
        {
            while (true)
            {
                Machines.ApplyUntilJobs();
                if (!Machines.HasJobs)
                {
                    return null;
                }
                var live = !Machines.IsReplaying;
                if (await ActivateAsync().ConfigureAwait(false) is { } failure)
                {
                    return stopAtLive && live ? null : failure;
                }
                if (Machines.HasTerminalCommand && live)
                {
                    return null;
                }
            }
        }
        catch (Exception e) when (e is NondeterminismException or BadHistoryException)
        {
            return e;
        }
    }

    /// <summary>Runs code for the jobs that are there, and for those that follow at once.</summary>
    public async Task<Exception?> ActivateWhilePendingAsync()
    {
        try
        {
            while (Machines.HasJobs)
            {
                if (await ActivateAsync().ConfigureAwait(false) is { } failure)
                {
                    return failure;
                }
            }
            return null;
        }
        catch (NondeterminismException e)
        {
            return e;
        }
    }

    /// <summary>Answers queries, each by itself.</summary>
    public async Task<IReadOnlyList<QueryResponseCommand>> QueryAsync(IEnumerable<(string Id, WorkflowQuery Query)> queries)
    {
        var answers = new List<QueryResponseCommand>();
        foreach (var (id, query) in queries)
        {
            Prepare();
            activation.IsReplaying = true;
            activation.Jobs.Add(new QueryJob(
                id, query.QueryType, query.QueryArgs is null ? [] : query.QueryArgs.Payloads_, query.Header?.Fields));
            await RunCodeAsync().ConfigureAwait(false);
            if (lastFailure is { } failure || commands.Count == 0)
            {
                answers.Add(new QueryResponseCommand(id, null, environment.ToFailure(lastFailure ?? new InvalidOperationException("Query was not answered"))));
            }
            else
            {
                answers.Add((QueryResponseCommand)commands[0]);
            }
        }
        return answers;
    }

    private Exception? lastFailure;

    private async Task<Exception?> ActivateAsync()
    {
        version = Machines.IsReplaying ? Machines.RecordedVersion ?? version : environment.DeploymentVersion;
        Prepare();
        Machines.TakeJobs(activation.Jobs);
        await RunCodeAsync().ConfigureAwait(false);
        if (lastFailure is not null)
        {
            return lastFailure;
        }
        if (instance!.UsesModernEventLoop)
        {
            Machines.Flags.UseModernEventLoop();
        }
        environment.OnActivated?.Invoke(activation, commands);
        Machines.ApplyCommands(commands);
        return null;
    }

    private void Prepare()
    {
        activation.Jobs.Clear();
        activation.IsReplaying = Machines.IsReplaying;
        activation.Time = Machines.Time;
        activation.HistoryLength = checked((int)Machines.LastProcessedEventId);
        activation.HistorySize = Machines.HistorySize;
        activation.ContinueAsNewSuggested = Machines.ContinueAsNewSuggested;
        activation.SuggestedContinueAsNewReasons = Machines.SuggestedReasons.Count == 0
            ? []
            : Machines.SuggestedReasons.Select(static reason => (SuggestContinueAsNewReason)(int)reason)
                .Where(static reason => reason != SuggestContinueAsNewReason.Unspecified).ToArray();
        activation.DeploymentVersion = version;
        activation.HasModernEventLoop = Machines.Flags.HasModernEventLoop;
        activation.HasReorderedCompletion = Machines.Flags.HasReorderedCompletion;
    }

    private async Task RunCodeAsync()
    {
        commands.Clear();
        lastFailure = null;
        try
        {
            if (environment.Coding is { } codec)
            {
                coding ??= codec.For(CodedRun());
                await coding.DecodeAsync(activation.Jobs).ConfigureAwait(false);
            }
            instance ??= Create();
        }
        catch (Exception e)
        {
            // An unknown type or a payload that the codec cannot read: the task fails and may succeed on another worker.
            lastFailure = e;
            return;
        }
        Volatile.Write(ref activeSince, environment.Clock.GetTimestamp());
        try
        {
            lastFailure = instance.Activate(activation, commands);
        }
        finally
        {
            Volatile.Write(ref activeSince, 0);
        }
    }

    private CodedRun CodedRun() => new(
        environment.Workflows.Namespace,
        environment.Workflows.TaskQueue,
        workflowId,
        activation.Jobs.OfType<InitializeJob>().FirstOrDefault()?.Started.WorkflowType.Name ?? string.Empty,
        seq => instance?.Activities.GetValueOrDefault(seq)?.Context,
        seq => instance?.Children.GetValueOrDefault(seq)?.Context);

    private WorkflowInstance Create()
    {
        var start = (InitializeJob?)activation.Jobs.Find(static job => job is InitializeJob) ??
            throw new BadHistoryException("Workflow was not initialized by its first activation");
        // The workflow's id is not in histories of old servers.
        if (start.Started.WorkflowId.Length == 0)
        {
            start.Started = start.Started.Clone();
            start.Started.WorkflowId = workflowId;
        }
        return new WorkflowInstance(environment.Workflows, environment.Find(start.Started.WorkflowType.Name), start, runId, activation.Time);
    }
}
