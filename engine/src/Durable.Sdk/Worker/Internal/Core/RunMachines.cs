using Google.Protobuf;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Protocol.V1;
using Temporalio.Common;
using Temporalio.Worker.Internal.Jobs;

namespace Temporalio.Worker.Internal.Core;

/// <summary>
/// The core of a run: takes events and commands, compares them, and gives jobs and commands. Knows no clock, no server and no workflow code.
/// </summary>
internal sealed partial class RunMachines
{
    private readonly HistoryCutter history = new();
    private readonly List<ActivationJob> jobs = [];
    private readonly Queue<OutgoingCommand> fresh = [];
    private readonly LinkedList<OutgoingCommand> prepared = [];
    private readonly List<OutgoingMessage> messages = [];
    private readonly List<Message> incoming = [];
    private readonly List<LocalActivityMarker> recorded = [];
    private readonly Dictionary<long, Machine> byEventId = [];
    private readonly SortedDictionary<string, bool> patches = new(StringComparer.Ordinal);
    private WorkflowExecutionStartedEventAttributes? started;
    private long lastProcessedEventId;
    private long currentStartedEventId;
    private bool isReplaying;
    private bool sawFinalEvent;

    public RunMachines(string runId) => RunId = runId;

    public string RunId { get; }

    public SdkFlags Flags { get; } = new();

    /// <summary>The worker of the task that is being replayed, as the history has it; null: it does not say.</summary>
    public WorkerDeploymentVersion? RecordedVersion { get; private set; }

    public LocalActivityQueue LocalActivities { get; } = new();

    public Dictionary<uint, TimerMachine> Timers { get; } = [];

    public Dictionary<uint, ActivityMachine> Activities { get; } = [];

    public Dictionary<uint, LocalActivityMachine> LocalActivityMachines { get; } = [];

    public Dictionary<uint, ChildWorkflowMachine> Children { get; } = [];

    public Dictionary<uint, SignalExternalMachine> Signals { get; } = [];

    public Dictionary<string, UpdateMachine> Updates { get; } = [];

    /// <summary>The workflow's time, UTC; never goes back.</summary>
    public DateTime Time { get; private set; }

    /// <summary>Whether what code asks for now is in the history already.</summary>
    public bool IsReplaying => isReplaying;

    public bool HasJobs => jobs.Count > 0;

    /// <summary>The run has ended in its history, or code has ended it.</summary>
    public bool IsOver => sawFinalEvent;

    /// <summary>Whether code has asked for the end of the run.</summary>
    public bool HasTerminalCommand { get; private set; }

    /// <summary>The start of the newest task that was handled.</summary>
    public long CurrentStartedEventId => currentStartedEventId;

    public long LastProcessedEventId => lastProcessedEventId;

    /// <summary>How many there were since the newest task began.</summary>
    public int Activations { get; private set; }

    public int HistorySize { get; private set; }

    public bool ContinueAsNewSuggested { get; private set; }

    public IReadOnlyList<Api.Enums.V1.SuggestContinueAsNewReason> SuggestedReasons { get; private set; } = [];

    public WorkflowExecutionStartedEventAttributes? Started => started;

    /// <summary>Moves jobs into an activation, in the order in which they must be applied.</summary>
    public void TakeJobs(List<ActivationJob> target)
    {
        if (jobs.Count > 1)
        {
            // Stable: jobs of one order keep theirs. There are few, and nearly always sorted already.
            for (var i = 1; i < jobs.Count; i++)
            {
                var job = jobs[i];
                var at = i - 1;
                for (; at >= 0 && jobs[at].Order > job.Order; at--)
                {
                    jobs[at + 1] = jobs[at];
                }
                jobs[at + 1] = job;
            }
        }
        target.AddRange(jobs);
        jobs.Clear();
        Activations++;
    }

    /// <summary>The commands to send, in order.</summary>
    public IEnumerable<Command> PreparedCommands
    {
        get
        {
            foreach (var command in prepared)
            {
                yield return command.Command;
            }
        }
    }

    public int PreparedCount => prepared.Count;

    /// <summary>The messages to send; they are gone then.</summary>
    public IReadOnlyList<OutgoingMessage> TakeMessages()
    {
        if (messages.Count == 0)
        {
            return [];
        }
        var taken = messages.ToArray();
        messages.Clear();
        return taken;
    }

    /// <summary>The server has thrown away the last task: its two events will be given to another.</summary>
    public void Rewind(long startedEventId)
    {
        if (currentStartedEventId > startedEventId)
        {
            currentStartedEventId = startedEventId;
            lastProcessedEventId -= 2;
        }
    }

    internal void AddJob(ActivationJob job) => jobs.Add(job);

    internal void AddCommand(Machine machine, Command command) => fresh.Enqueue(new(machine, command));

    internal void AddInternal(CancelExternalMachine machine) => fresh.Enqueue(new(machine, machine.Command));

    internal void AddMessage(Message message, IMessage body)
    {
        if (!isReplaying)
        {
            messages.Add(new(message, body));
        }
    }

    internal void AdvanceTime(DateTime time)
    {
        if (time > Time)
        {
            Time = time;
        }
    }
}
