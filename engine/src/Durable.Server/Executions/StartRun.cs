using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Durable.Server.Storage;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Sdk.V1;
using Temporalio.Api.Workflow.V1;

namespace Durable.Server.Executions;

/// <summary>Creates a run. <see cref="Execution.Start"/> fills in the defaults; requests are validated before.</summary>
public sealed record StartRun
{
    public required RunKey Key { get; init; }

    public string NamespaceId { get; init; } = "";

    public required string WorkflowType { get; init; }

    /// <summary>Name of the normal queue.</summary>
    public required string TaskQueue { get; init; }

    public Payloads? Input { get; init; }

    public Header? Header { get; init; }

    /// <summary>Zero: none. The same for the next two, where zero of the task timeout means 10 s.</summary>
    public TimeSpan ExecutionTimeout { get; init; }

    public TimeSpan RunTimeout { get; init; }

    public TimeSpan TaskTimeout { get; init; }

    public RetryPolicy? RetryPolicy { get; init; }

    public string CronSchedule { get; init; } = "";

    public Memo? Memo { get; init; }

    public SearchAttributes? SearchAttributes { get; init; }

    public string Identity { get; init; } = "";

    public string RequestId { get; init; } = "";

    public UserMetadata? UserMetadata { get; init; }

    public IEnumerable<Link>? Links { get; init; }

    public Priority? Priority { get; init; }

    public IEnumerable<Callback>? CompletionCallbacks { get; init; }

    /// <summary>Zero: none. Not together with a cron schedule.</summary>
    public TimeSpan StartDelay { get; init; }

    /// <summary>Start the first workflow task in the same decision; the reply has it. Ignored when a back-off holds it.</summary>
    public bool Eager { get; init; }

    /// <summary>Recorded between STARTED and the first WORKFLOW_TASK_SCHEDULED.</summary>
    public SignalExecution? Signal { get; init; }

    /// <summary>Admitted with the start: rides on the first workflow task.</summary>
    public AdmitUpdate? Update { get; init; }

    /// <summary>Set for a child: it gets no workflow task before <see cref="ReleaseFirstWorkflowTask"/>.</summary>
    public ParentState? Parent { get; init; }

    /// <summary>Null: the run is its own root.</summary>
    public WorkflowExecution? Root { get; init; }

    /// <summary>Carried over from the previous run of the chain.</summary>
    public ChainLink? Chain { get; init; }

    /// <summary>Takes what only the history has from the previous run's event 1.</summary>
    public StartRun WithInputOf(HistoryEvent started)
    {
        var attributes = started.WorkflowExecutionStartedEventAttributes
            ?? throw new InvalidOperationException($"Bug: event {started.EventId} is {started.EventType}, not WORKFLOW_EXECUTION_STARTED");
        return this with
        {
            Input = attributes.Input,
            Header = attributes.Header,
            Chain = Chain is { LastCompletionResult: null } chain
                ? chain with { LastCompletionResult = attributes.LastCompletionResult }
                : Chain,
        };
    }
}
