using System.Globalization;
using System.Text.Json;
using Durable.Server.Storage;
using Temporalio.Api.Common.V1;

namespace Durable.Server.Visibility;

/// <summary>Evaluates a query on one row, or on anything else that has attributes.</summary>
public static class VisibilityFilter
{
    public static bool Matches(VisibilityExpression expression, VisibilityRow row) => Matches(expression, name => Values(row, name));

    /// <param name="valuesOf">The values of an attribute: none when it is not set.</param>
    public static bool Matches(VisibilityExpression expression, Func<string, IReadOnlyList<object>> valuesOf) => Evaluate(expression, valuesOf) == true;

    // Three-valued, as SQL: a comparison of an attribute that is not set is neither true nor false, and neither is its negation.
    private static bool? Evaluate(VisibilityExpression expression, Func<string, IReadOnlyList<object>> valuesOf) => expression switch
    {
        AndExpression and => Evaluate(and.Left, valuesOf) & Evaluate(and.Right, valuesOf),
        OrExpression or => Evaluate(or.Left, valuesOf) | Evaluate(or.Right, valuesOf),
        NotExpression not => !Evaluate(not.Inner, valuesOf),
        ComparisonExpression { Operator: "IS" } comparison => valuesOf(comparison.Name).Count == 0,
        ComparisonExpression comparison => valuesOf(comparison.Name) is { Count: > 0 } values ? Matches(comparison, values) : null,
        _ => throw new InvalidOperationException($"Bug: no evaluation of {expression.GetType().Name}"),
    };

    /// <summary>The values of an attribute: none when it is not set, several for a keyword list.</summary>
    public static IReadOnlyList<object> Values(VisibilityRow row, string name)
    {
        object? value = name switch
        {
            "WorkflowId" => row.Key.WorkflowId,
            "RunId" => row.Key.RunId,
            "WorkflowType" => row.WorkflowType,
            "TaskQueue" => row.TaskQueue,
            "ExecutionStatus" => row.Status.ToString(),
            "StartTime" => row.StartTime,
            "ExecutionTime" => row.ExecutionTime,
            "CloseTime" => row.CloseTime,
            "HistoryLength" => row.HistoryLength,
            "HistorySizeBytes" => row.HistorySizeBytes,
            "StateTransitionCount" => row.StateTransitionCount,
            "ExecutionDuration" => row.CloseTime is { } close ? (close - row.ExecutionTime).Ticks * 100 : null,
            "ParentWorkflowId" => row.ParentWorkflowId,
            "ParentRunId" => row.ParentRunId,
            "RootWorkflowId" => row.RootWorkflowId,
            "RootRunId" => row.RootRunId,
            _ => null,
        };
        if (value is not null)
        {
            return [value];
        }
        return row.SearchAttributes?.IndexedFields.TryGetValue(name, out var payload) == true ? Decode(payload) : [];
    }

    private static bool Matches(ComparisonExpression comparison, IReadOnlyList<object> values)
    {
        switch (comparison.Operator)
        {
            case "IN":
                return values.Any(value => comparison.Values.Any(wanted => Compare(value, wanted) == 0));
            case "BETWEEN":
                return values.Any(value => Compare(value, comparison.Values[0]) >= 0 && Compare(value, comparison.Values[1]) <= 0);
            case "STARTS_WITH":
                return values.Any(value => value is string text && text.StartsWith((string)comparison.Values[0], StringComparison.Ordinal));
            case "!=":
                return values.All(value => Compare(value, comparison.Values[0]) != 0);
            default:
                return values.Any(value => Compare(value, comparison.Values[0]) is { } order && comparison.Operator switch
                {
                    "=" => order == 0,
                    ">" => order > 0,
                    ">=" => order >= 0,
                    "<" => order < 0,
                    _ => order <= 0,
                });
        }
    }

    private static int? Compare(object value, object wanted) => (value, wanted) switch
    {
        (string a, string b) => string.CompareOrdinal(a, b),
        (DateTimeOffset a, DateTimeOffset b) => a.CompareTo(b),
        (bool a, bool b) => a.CompareTo(b),
        (long or double, long or double) => Convert.ToDouble(value, null).CompareTo(Convert.ToDouble(wanted, null)),
        _ => null,
    };

    /// <summary>The plain values in a search attribute's payload: text, numbers, bools, times where its type says so.</summary>
    public static IReadOnlyList<object> Decode(Payload payload)
    {
        var isTime = payload.Metadata.TryGetValue("type", out var type) && type.Span.SequenceEqual("Datetime"u8);
        var reader = new Utf8JsonReader(payload.Data.Span);
        var values = new List<object>(1);
        try
        {
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.String:
                        var text = reader.GetString()!;
                        values.Add(isTime && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : text);
                        break;
                    case JsonTokenType.Number:
                        values.Add(reader.TryGetInt64(out var number) ? number : reader.GetDouble());
                        break;
                    case JsonTokenType.True:
                    case JsonTokenType.False:
                        values.Add(reader.GetBoolean());
                        break;
                }
            }
        }
        catch (JsonException)
        {
            return [];
        }
        return values;
    }
}
