using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Temporalio.Common;

namespace Durable.Sdk.Tests.Live;

/// <summary>What two histories of one workflow have in common: each event without ids, times and traces. In no order: parallel work ends as it likes.</summary>
internal static partial class EventShapes
{
    /// <param name="withResults">Whether the result of the workflow is the same each time.</param>
    public static IReadOnlyList<string> Of(WorkflowHistory history, bool withResults)
    {
        var shapes = new List<string>();
        foreach (var e in JsonNode.Parse(history.ToJson())!["events"]!.AsArray())
        {
            var type = e!["eventType"]!.GetValue<string>();
            // How many workflow tasks it takes depends on who is faster.
            if (type.StartsWith("EVENT_TYPE_WORKFLOW_TASK_", StringComparison.Ordinal))
            {
                continue;
            }
            if (type == "EVENT_TYPE_MARKER_RECORDED")
            {
                // Times of a local activity, in a payload of their own.
                e["markerRecordedEventAttributes"]!["details"]!.AsObject().Remove("data");
            }
            if (!withResults)
            {
                (e["workflowExecutionCompletedEventAttributes"] as JsonObject)?.Remove("result");
            }
            shapes.Add(Stripped(e)!.ToJsonString());
        }
        return [.. shapes.Order(StringComparer.Ordinal)];
    }

    private static JsonNode? Stripped(JsonNode? node) => node switch
    {
        JsonObject fields => new JsonObject(fields.Where(static field => !Volatile().IsMatch(field.Key))
            .Select(static field => KeyValuePair.Create(field.Key, Stripped(field.Value)))
            .Where(static field => field.Value is not (null or JsonObject { Count: 0 }))
            .OrderBy(static field => field.Key, StringComparer.Ordinal)),
        JsonArray items => new JsonArray([.. items.Select(Stripped)]),
        _ => node?.DeepClone(),
    };

    [GeneratedRegex("EventId$|^eventId$|^eventTime$|^taskId$|^namespaceId$|^identity$|^requestId$|[rR]unId$|^stackTrace$|^workerVersion$|ExpirationTime$|^encodedAttributes$|^eagerExecutionAccepted$")]
    private static partial Regex Volatile();
}
