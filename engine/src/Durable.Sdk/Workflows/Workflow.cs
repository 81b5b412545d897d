using Microsoft.Extensions.Logging;
using Temporalio.Common;
using Temporalio.Converters;
using Temporalio.Exceptions;
using Temporalio.Worker.Internal.Language;

namespace Temporalio.Workflows;

/// <summary>What a running workflow knows and can do. Only usable from workflow code; everything is the same on replay.</summary>
public static partial class Workflow
{
    /// <summary>Conditions run outside of the scheduler's tasks but are workflow code.</summary>
    [ThreadStatic]
    internal static IWorkflowContext? OverrideContext;

    /// <summary>Whether the caller is workflow code.</summary>
    public static bool InWorkflow => ContextOrNull is not null;

    /// <summary>Whether no signal or update handler is running; wait for it before the end.</summary>
    public static bool AllHandlersFinished => Context.AllHandlersFinished;

    /// <summary>Cancelled when the workflow is asked to cancel; the default of all calls that take a token.</summary>
    public static CancellationToken CancellationToken => Context.CancellationToken;

    /// <summary>Whether the server finds the history long, as of the current workflow task.</summary>
    public static bool ContinueAsNewSuggested => Context.ContinueAsNewSuggested;

    public static IReadOnlyCollection<SuggestContinueAsNewReason> SuggestedContinueAsNewReasons => Context.SuggestedContinueAsNewReasons;

    public static bool TargetWorkerDeploymentVersionChanged => Context.TargetWorkerDeploymentVersionChanged;

    /// <summary>The build id of the worker that ran, or runs, this task; empty: unknown.</summary>
    public static string CurrentBuildId => Context.CurrentDeploymentVersion?.BuildId ?? string.Empty;

    /// <summary>The deployment version of the worker that ran, or runs, this task.</summary>
    public static WorkerDeploymentVersion? CurrentDeploymentVersion => Context.CurrentDeploymentVersion;

    /// <summary>Text for people about where the workflow is now; only part of the answer to the metadata query, never recorded.</summary>
    public static string CurrentDetails
    {
        get => Context.CurrentDetails;
        set => Context.CurrentDetails = value;
    }

    /// <summary>Events in the history up to the current workflow task.</summary>
    public static int CurrentHistoryLength => Context.CurrentHistoryLength;

    /// <summary>Bytes of the history up to the current workflow task, as the server counts.</summary>
    public static int CurrentHistorySize => Context.CurrentHistorySize;

    /// <summary>The update whose handler is running in this flow of calls; null: none.</summary>
    public static WorkflowUpdateInfo? CurrentUpdateInfo => Context.CurrentUpdateInfo;

    /// <summary>Takes every query that no other handler has.</summary>
    public static WorkflowQueryDefinition? DynamicQuery
    {
        get => Context.DynamicQuery;
        set => Context.DynamicQuery = value;
    }

    /// <summary>Takes every signal that no other handler has; setting it delivers the signals kept so far.</summary>
    public static WorkflowSignalDefinition? DynamicSignal
    {
        get => Context.DynamicSignal;
        set => Context.DynamicSignal = value;
    }

    /// <summary>Takes every update that no other handler has.</summary>
    public static WorkflowUpdateDefinition? DynamicUpdate
    {
        get => Context.DynamicUpdate;
        set => Context.DynamicUpdate = value;
    }

    public static WorkflowInfo Info => Context.Info;

    /// <summary>The object of the workflow class.</summary>
    public static object Instance => Context.Instance;

    /// <summary>Silent on replay; every line carries the workflow's ids.</summary>
    public static ILogger Logger => Context.Logger;

    /// <summary>Raw values; convert them with <see cref="PayloadConverter"/>. Changes by <see cref="UpsertMemo"/> are visible at once.</summary>
    public static IReadOnlyDictionary<string, IRawValue> Memo => Context.Memo;

    /// <summary>Silent on replay.</summary>
    public static MetricMeter MetricMeter => Context.MetricMeter;

    public static IPayloadConverter PayloadConverter => Context.PayloadConverter;

    /// <summary>Query handlers by name; may be changed while the workflow runs.</summary>
    public static IDictionary<string, WorkflowQueryDefinition> Queries => Context.Queries;

    /// <summary>Signal handlers by name; adding one delivers the signals kept for it.</summary>
    public static IDictionary<string, WorkflowSignalDefinition> Signals => Context.Signals;

    /// <summary>Update handlers by name; may be changed while the workflow runs.</summary>
    public static IDictionary<string, WorkflowUpdateDefinition> Updates => Context.Updates;

    /// <summary>Seeded by the run; gives the same numbers on replay.</summary>
    public static DeterministicRandom Random => Context.Random;

    /// <summary>Changes by <see cref="UpsertTypedSearchAttributes"/> are visible at once.</summary>
    public static SearchAttributeCollection TypedSearchAttributes => Context.TypedSearchAttributes;

    /// <summary>When the current workflow task was started. Stands still while code runs; never goes back.</summary>
    public static DateTime UtcNow => Context.UtcNow;

    private static IWorkflowContext? ContextOrNull => TaskScheduler.Current as IWorkflowContext ?? OverrideContext;

    private static IWorkflowContext Context => ContextOrNull ?? throw new InvalidOperationException(
        "Not in workflow: code behind ConfigureAwait(false), Task.Run or on a thread of its own is not");

    /// <summary>What workflow code rarely needs: it must not let it change what the workflow does.</summary>
    public static class Unsafe
    {
        /// <summary>Whether the current task repeats what is recorded; true in queries too.</summary>
        public static bool IsReplaying => Context.IsReplaying;

        /// <summary>Whether the current task repeats what is recorded; false in queries and validators.</summary>
        public static bool IsReplayingHistoryEvents => Context.IsReplayingHistoryEvents;

        /// <summary>Runs code that may use other schedulers, without the check for it; it must not wait or issue commands.</summary>
        public static void WithTracingEventListenerDisabled(Action fn) =>
            Context.WithTracingEventListenerDisabled(() =>
            {
                fn();
                return default(ValueTuple);
            });

        /// <inheritdoc cref="WithTracingEventListenerDisabled(Action)"/>
        public static T WithTracingEventListenerDisabled<T>(Func<T> fn) => Context.WithTracingEventListenerDisabled(fn);
    }
}
