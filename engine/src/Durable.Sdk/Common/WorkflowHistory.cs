using Google.Protobuf;
using Temporalio.Api.History.V1;

namespace Temporalio.Common;

/// <summary>The history of a run.</summary>
/// <param name="Id">Of the workflow; JSON histories do not have it.</param>
public partial record WorkflowHistory(string Id, IReadOnlyCollection<HistoryEvent> Events)
{
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    /// <summary>Reads what the CLI's <c>workflow show --output json</c> and the UI's download write.</summary>
    public static WorkflowHistory FromJson(string workflowId, string json) =>
        new(workflowId, [.. Parser.Parse<History>(Internal.HistoryJson.WithCurrentEnumNames(json)).Events]);

    public string ToJson() => JsonFormatter.Default.Format(Proto());

    public void ToJson(TextWriter writer) => JsonFormatter.Default.Format(Proto(), writer);

    private History Proto() => new() { Events = { Events } };
}
