using Google.Protobuf;
using Google.Protobuf.Reflection;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Durable.Server.Tests.Recorded;

/// <summary>A history that the genuine server kept, with what a player has to know of it.</summary>
internal sealed class RecordedRun
{
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    private RecordedRun(History history) => Events = [.. history.Events];

    public IReadOnlyList<HistoryEvent> Events { get; }

    public WorkflowExecutionStartedEventAttributes Started => Events[0].WorkflowExecutionStartedEventAttributes;

    public string WorkflowId => Started.WorkflowId;

    /// <summary>The server started it by itself: a child, or a run that follows another.</summary>
    public bool IsStartedByServer => Started.ParentWorkflowExecution is not null || Started.ContinuedExecutionRunId.Length > 0;

    /// <summary>The runs of a scenario, oldest first.</summary>
    public static IReadOnlyList<RecordedRun> Load(string file)
    {
        using var document = System.Text.Json.JsonDocument.Parse(File.ReadAllText(file));
        return [.. document.RootElement.EnumerateArray().Select(static run => new RecordedRun(Parser.Parse<History>(run.GetRawText())))];
    }

    /// <summary>The events that one completed workflow task's commands and messages made, in their order.</summary>
    public IEnumerable<HistoryEvent> CommandEvents(HistoryEvent completed) =>
        Events.Skip((int)completed.EventId).TakeWhile(e => IsCommandEvent(e, completed.EventId));

    /// <summary>The completion that ends a scheduled task; null when it ended otherwise.</summary>
    public HistoryEvent? CompletionOf(HistoryEvent scheduled) =>
        Events.FirstOrDefault(e => e.WorkflowTaskCompletedEventAttributes?.ScheduledEventId == scheduled.EventId);

    public HistoryEvent At(long eventId) => Events[(int)eventId - 1];

    private static bool IsCommandEvent(HistoryEvent e, long completedId)
    {
        if (e.EventType is EventType.WorkflowExecutionUpdateAccepted or EventType.WorkflowExecutionUpdateCompleted)
        {
            return true;
        }
        var attributes = AttributesOf(e);
        return attributes?.Descriptor.FindFieldByName("workflow_task_completed_event_id") is { } field && (long)field.Accessor.GetValue(attributes) == completedId;
    }

    private static IMessage? AttributesOf(HistoryEvent e)
    {
        OneofDescriptor attributes = HistoryEvent.Descriptor.FindFieldByName("workflow_execution_started_event_attributes").ContainingOneof;
        return attributes.Accessor.GetCaseFieldDescriptor(e)?.Accessor.GetValue(e) as IMessage;
    }
}
