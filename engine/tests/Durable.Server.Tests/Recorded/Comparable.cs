using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Temporalio.Api.History.V1;

namespace Durable.Server.Tests.Recorded;

/// <summary>An event or an answer as text, without what differs from one run to the next: ids, times, identities, versions of workers.</summary>
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

    /// <summary>An answer: times become one word, but for the time that means none.</summary>
    public static string Of(IMessage answer) => Text(Scrub(JsonNode.Parse(JsonFormatter.Default.Format(answer))));

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
                        members[Uuid().Replace(name, "<id>")] = Scrub(value);
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
                return JsonValue.Create(Time().IsMatch(text) && !text.StartsWith("0001", StringComparison.Ordinal) ? "<time>" : Uuid().Replace(text, "<id>"));
            default:
                return node;
        }
    }

    private static string Text(JsonNode? node) => node!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT[\d:.]+Z$")]
    private static partial Regex Time();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Uuid();
}
