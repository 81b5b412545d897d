using System.Text;
using System.Text.RegularExpressions;

namespace Temporalio.Common.Internal;

/// <summary>The two ways in which tools write enums into JSON histories.</summary>
internal static partial class HistoryJson
{
    private static readonly Dictionary<string, string> Prefixes = new(StringComparer.Ordinal)
    {
        ["eventType"] = "EVENT_TYPE",
        ["kind"] = "TASK_QUEUE_KIND",
        ["retryState"] = "RETRY_STATE",
        ["timeoutType"] = "TIMEOUT_TYPE",
        ["parentClosePolicy"] = "PARENT_CLOSE_POLICY",
        ["workflowIdReusePolicy"] = "WORKFLOW_ID_REUSE_POLICY",
        ["initiator"] = "CONTINUE_AS_NEW_INITIATOR",
    };

    // What "cause" means depends on the event.
    private static readonly Dictionary<string, string> CausePrefixes = new(StringComparer.Ordinal)
    {
        ["requestCancelExternalWorkflowExecutionFailed"] = "CANCEL_EXTERNAL_WORKFLOW_EXECUTION_FAILED_CAUSE",
        ["signalExternalWorkflowExecutionFailed"] = "SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED_CAUSE",
        ["startChildWorkflowExecutionFailed"] = "START_CHILD_WORKFLOW_EXECUTION_FAILED_CAUSE",
        ["workflowTaskFailed"] = "WORKFLOW_TASK_FAILED_CAUSE",
    };

    /// <summary>Old tools write "WorkflowExecutionStarted" for EVENT_TYPE_WORKFLOW_EXECUTION_STARTED; new ones write the protocol's names.</summary>
    public static string WithCurrentEnumNames(string json) => EnumFields().Replace(json, match =>
    {
        var (name, value) = (match.Groups["name"].Value, match.Groups["value"].Value);
        var prefix = name == "cause" ? CausePrefix(json, match.Index) : Prefixes[name];
        return prefix is null || value.Contains('_', StringComparison.Ordinal) || value.ToUpperInvariant() == value
            ? match.Value
            : $"\"{name}\": \"{prefix}_{ScreamingCase(value)}\"";
    });

    private static string? CausePrefix(string json, int end)
    {
        const string Mark = "EventAttributes\"";
        var attributes = json.LastIndexOf(Mark, end, StringComparison.Ordinal);
        return attributes < 0 ? null : CausePrefixes.GetValueOrDefault(json[(json.LastIndexOf('"', attributes) + 1)..attributes]);
    }

    [GeneratedRegex("\"(?<name>cause|eventType|kind|retryState|timeoutType|parentClosePolicy|workflowIdReusePolicy|initiator)\"\\s*:\\s*\"(?<value>[A-Za-z_]+)\"")]
    private static partial Regex EnumFields();

    private static string ScreamingCase(string value)
    {
        var text = new StringBuilder(value.Length + 8);
        foreach (var letter in value)
        {
            if (char.IsUpper(letter) && text.Length > 0)
            {
                text.Append('_');
            }
            text.Append(char.ToUpperInvariant(letter));
        }
        return text.ToString();
    }
}
