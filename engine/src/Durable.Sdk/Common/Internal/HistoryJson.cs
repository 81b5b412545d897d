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

    /// <summary>Old tools write "WorkflowExecutionStarted" for EVENT_TYPE_WORKFLOW_EXECUTION_STARTED; new ones write the protocol's names.</summary>
    public static string WithCurrentEnumNames(string json) => EnumFields().Replace(json, static match =>
    {
        var value = match.Groups["value"].Value;
        return value.Contains('_', StringComparison.Ordinal) || value.ToUpperInvariant() == value
            ? match.Value
            : $"\"{match.Groups["name"].Value}\": \"{Prefixes[match.Groups["name"].Value]}_{ScreamingCase(value)}\"";
    });

    [GeneratedRegex("\"(?<name>eventType|kind|retryState|timeoutType|parentClosePolicy|workflowIdReusePolicy|initiator)\"\\s*:\\s*\"(?<value>[A-Za-z_]+)\"")]
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
