using System.Text.Json;
using Durable.Sdk.Tests.Replay;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Common;
using Temporalio.Converters;
using Temporalio.Exceptions;
using Temporalio.Worker;
using Temporalio.Workflows;

namespace Durable.Sdk.Tests.Live;

/// <summary>Runs a recorded workflow anew, from its recorded start event.</summary>
internal static class GoldenRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Not here: what needs somebody outside (a second workflow, a gate, a patient watch of a broken task), and what takes longer than a few seconds by itself.</summary>
    private static readonly string[] Others =
    [
        "ActivityCompletedFromOutside", "BlocksTheThread", "BreaksIn", "BreaksOn", "ChildAlreadyStarted", "ChildTerminated", "ContinueAsNewWhenSuggested", "CronTwice",
        "ExternalCancel", "ExternalSignal", "FailsTaskThenFixed", "HandlersBreak", "LeavesTheScheduler", "LocalActivityCancelled", "LocalActivityBackoffByTimer",
        "NoSuchWorkflow", "PaymentEntity", "RetriedWorkflow", "UpdateDesk", "UsesSystemTimer", "UsesThreadPool", "WaitsForEver", "ActivityTimeouts.schedule-to-start",
    ];

    public static IReadOnlyList<GoldenHistory> All { get; } = [.. GoldenHistories.All.Where(static golden => StartsByItself(golden) && !OwnWays.Is(Others, golden.File))];

    public static IReadOnlyCollection<SearchAttributeKey> SearchAttributes =>
    [
        SearchAttributeKey.CreateKeyword("GoldenKeyword"), SearchAttributeKey.CreateText("GoldenText"), SearchAttributeKey.CreateLong("GoldenInt"),
        SearchAttributeKey.CreateDouble("GoldenDouble"), SearchAttributeKey.CreateBool("GoldenBool"), SearchAttributeKey.CreateDateTimeOffset("GoldenDatetime"),
        SearchAttributeKey.CreateKeywordList("GoldenKeywordList"),
    ];

    /// <returns>The result or the failure as JSON, and the history.</returns>
    public static async Task<(string Outcome, WorkflowHistory History)> RunAsync(ITemporalConnection connection, GoldenHistory golden)
    {
        var recorded = golden.Load();
        var client = new TemporalClient(connection, new TemporalClientOptions { DataConverter = ConverterOf(golden) });
        var queue = recorded.Events.First().WorkflowExecutionStartedEventAttributes.TaskQueue.Name;
        using var worker = new TemporalWorker(client, OptionsOf(golden, queue));
        return await worker.ExecuteAsync(async () =>
        {
            var handle = await StartAsync(client, golden, recorded);
            return (await OutcomeAsync(handle).WaitAsync(Patience), await handle.FetchHistoryAsync());
        });
    }

    private static bool StartsByItself(GoldenHistory golden)
    {
        var events = golden.Load().Events;
        var started = events.First().WorkflowExecutionStartedEventAttributes;
        return started.ParentWorkflowExecution is null && started.ContinuedExecutionRunId.Length == 0 && !events.Any(static e => e.EventType is
            EventType.WorkflowExecutionSignaled or EventType.WorkflowExecutionUpdateAccepted or EventType.WorkflowExecutionCancelRequested or
            EventType.WorkflowExecutionTerminated);
    }

    private static DataConverter ConverterOf(GoldenHistory golden) => golden.HasOption("codec")
        ? DataConverter.Default with { PayloadCodec = new Golden.ReversingCodec(), FailureConverter = new DefaultFailureConverter.WithEncodedCommonAttributes() }
        : DataConverter.Default;

    private static TemporalWorkerOptions OptionsOf(GoldenHistory golden, string taskQueue)
    {
        // DebugMode: a busy machine that takes its time for a task is no deadlock.
        var options = new TemporalWorkerOptions(taskQueue) { DebugMode = true }.AddAllActivities(new Golden.Activities()).AddAllActivities(new Golden.GatewayActivities());
        // Several classes share a name on purpose; the recorded one comes first.
        var names = new HashSet<string?>();
        foreach (var type in typeof(Golden.Child).Assembly.GetTypes().Where(static type => type.Namespace == "Golden" && type.IsDefined(typeof(WorkflowAttribute), false))
            .Prepend(GoldenHistories.TypeOf(golden.Class)))
        {
            var definition = WorkflowDefinition.Create(type);
            if ((definition.Name is not null || type.FullName == golden.Class) && names.Add(definition.Name))
            {
                options.AddWorkflow(definition);
            }
        }
        if (golden.Class == typeof(Golden.ActivityDynamic).FullName)
        {
            options.AddAllActivities(new Golden.CatchAllActivity());
        }
        if (golden.Options?.FirstOrDefault(static option => option.StartsWith("worker-failure-types:", StringComparison.Ordinal)) is { } types)
        {
            options.WorkflowFailureExceptionTypes = [Type.GetType(types.Split(':')[1], throwOnError: true)!];
        }
        options.MaxCachedWorkflows = golden.File.EndsWith("no-cache.json", StringComparison.Ordinal) ? 0 : options.MaxCachedWorkflows;
        options.DisableEagerActivityExecution = golden.File.Contains("eager-disabled", StringComparison.Ordinal);
        return options;
    }

    private static async Task<WorkflowHandle> StartAsync(TemporalClient client, GoldenHistory golden, WorkflowHistory recorded)
    {
        var first = recorded.Events.First();
        var started = first.WorkflowExecutionStartedEventAttributes;
        var response = await client.WorkflowService.StartWorkflowExecutionAsync(new()
        {
            Namespace = client.Options.Namespace,
            WorkflowId = golden.WorkflowId,
            WorkflowType = started.WorkflowType,
            TaskQueue = new() { Name = started.TaskQueue.Name },
            Input = started.Input,
            WorkflowExecutionTimeout = started.WorkflowExecutionTimeout,
            WorkflowRunTimeout = started.WorkflowRunTimeout,
            WorkflowTaskTimeout = started.WorkflowTaskTimeout,
            WorkflowStartDelay = started.FirstWorkflowTaskBackoff,
            RetryPolicy = started.RetryPolicy,
            Memo = started.Memo,
            SearchAttributes = started.SearchAttributes,
            Header = started.Header,
            Priority = started.Priority,
            UserMetadata = first.UserMetadata,
            RequestId = Guid.NewGuid().ToString(),
        });
        return new WorkflowHandle(client, golden.WorkflowId, response.RunId, response.RunId);
    }

    private static async Task<string> OutcomeAsync(WorkflowHandle handle)
    {
        try
        {
            var result = await handle.GetResultAsync<IRawValue>(followRuns: false);
            return result.Payload.Data.IsEmpty ? "\"<binary/null>\"" : result.Payload.Data.ToStringUtf8();
        }
        catch (Exception e) when (e is WorkflowFailedException or WorkflowContinuedAsNewException)
        {
            return JsonSerializer.Serialize(Golden.Say.Tree(e));
        }
    }
}
