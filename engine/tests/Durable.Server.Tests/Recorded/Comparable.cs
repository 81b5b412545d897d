using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Temporalio.Api.History.V1;

namespace Durable.Server.Tests.Recorded;

/// <summary>An event as text, without what differs from one run to the next: ids, times, identities, versions of workers.</summary>
internal static partial class Comparable
{
    private static readonly HashSet<string> Left =
    [
        "eventTime", "taskId", "identity", "requestId", "workerVersion", "historySizeBytes", "workflowExecutionExpirationTime", "prevAutoResetPoints",
    ];

    public static string Of(HistoryEvent e)
    {
        var json = JsonNode.Parse(JsonFormatter.Default.Format(e))!.AsObject();
        // The genuine server holds back the second run of a chain for the rest of a second; here it goes on at once.
        if (json["workflowExecutionStartedEventAttributes"] is JsonObject started && started["continuedExecutionRunId"] is not null)
        {
            started.Remove("firstWorkflowTaskBackoff");
        }
        return Text(Scrub(json));
    }

    private static JsonNode? Scrub(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var name in members.Select(static member => member.Key).Order(StringComparer.Ordinal).ToArray())
                {
                    var value = members[name];
                    members.Remove(name);
                    if (!Left.Contains(name))
                    {
                        members[name] = Scrub(value);
                    }
                }
                return members;
            case JsonArray items:
                return new JsonArray([.. items.ToArray().Select(item =>
                {
                    items.Remove(item);
                    return Scrub(item);
                })]);
            case JsonValue value when value.TryGetValue<string>(out var text):
                return JsonValue.Create(Uuid().Replace(text, "<id>"));
            default:
                return node;
        }
    }

    private static string Text(JsonNode? node) => node!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Uuid();
}
