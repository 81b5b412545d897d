using System.Text;
using Durable.Server.Visibility;

namespace Durable.Server.Sqlite;

/// <summary>A visibility query as SQL with parameters; no value ever becomes part of the text.</summary>
internal sealed class VisibilitySql
{
    private static readonly Dictionary<string, string> Columns = new(StringComparer.Ordinal)
    {
        ["WorkflowId"] = "workflow_id",
        ["RunId"] = "run_id",
        ["WorkflowType"] = "type",
        ["TaskQueue"] = "task_queue",
        ["ExecutionStatus"] = "status",
        ["StartTime"] = "start_time",
        ["ExecutionTime"] = "execution_time",
        ["CloseTime"] = "close_time",
        ["HistoryLength"] = "history_length",
        ["HistorySizeBytes"] = "history_size",
        ["StateTransitionCount"] = "transitions",
        ["ExecutionDuration"] = "duration",
        ["ParentWorkflowId"] = "parent_workflow_id",
        ["ParentRunId"] = "parent_run_id",
        ["RootWorkflowId"] = "root_workflow_id",
        ["RootRunId"] = "root_run_id",
    };

    private readonly StringBuilder text = new();

    public List<object> Values { get; } = [];

    public string Text => text.ToString();

    /// <summary>Begins the condition of a statement on <c>visibility</c>.</summary>
    public VisibilitySql Where(string namespaceName, VisibilityExpression? filter)
    {
        text.Append("namespace = ?");
        Values.Add(namespaceName);
        if (filter is not null)
        {
            text.Append(" AND ");
            Add(filter, negated: false);
        }
        return this;
    }

    // A negation is carried down to the comparisons, where an attribute that is not set makes both the comparison and its
    // negation untrue, as SQL's NULL does.
    private void Add(VisibilityExpression expression, bool negated)
    {
        switch (expression)
        {
            case NotExpression not:
                Add(not.Inner, !negated);
                break;
            case AndExpression and:
                text.Append('(');
                Chain(and.Left, negated ? " OR " : " AND ", and.Right, negated, static left => left is AndExpression chain ? (chain.Left, chain.Right) : null);
                text.Append(')');
                break;
            case OrExpression or:
                text.Append('(');
                Chain(or.Left, negated ? " AND " : " OR ", or.Right, negated, static left => left is OrExpression chain ? (chain.Left, chain.Right) : null);
                text.Append(')');
                break;
            case ComparisonExpression comparison when Columns.TryGetValue(comparison.Name, out var column):
                text.Append(negated ? "NOT (" : "(");
                Compare(column, comparison);
                text.Append(')');
                break;
            case ComparisonExpression { Operator: "IS" } comparison:
                text.Append(negated ? "run IN " : "run NOT IN ").Append("(SELECT run FROM attributes WHERE name = ?)");
                Values.Add(comparison.Name);
                break;
            case ComparisonExpression comparison:
                AttributeCompare(comparison, negated);
                break;
            default:
                throw new InvalidOperationException($"Bug: no SQL for {expression.GetType().Name}");
        }
    }

    // A row of the same word goes without parentheses: SQLite's parser keeps only about thirty of them open.
    private void Chain(
        VisibilityExpression left, string word, VisibilityExpression right, bool negated, Func<VisibilityExpression, (VisibilityExpression Left, VisibilityExpression Right)?> split)
    {
        if (split(left) is var (first, second))
        {
            Chain(first, word, second, negated, split);
        }
        else
        {
            Add(left, negated);
        }
        text.Append(word);
        Add(right, negated);
    }

    private void AttributeCompare(ComparisonExpression comparison, bool negated)
    {
        // For a list, "!=" is the negation of "=": none of its values is the given one.
        var wanted = comparison.Operator == "!=" ? comparison with { Operator = "=" } : comparison;
        if (negated != (comparison.Operator == "!="))
        {
            text.Append("(run IN (SELECT run FROM attributes WHERE name = ?) AND run NOT IN (SELECT run FROM attributes WHERE name = ? AND ");
            Values.Add(comparison.Name);
            Values.Add(comparison.Name);
            Compare("value", wanted);
            text.Append("))");
            return;
        }
        text.Append("run IN (SELECT run FROM attributes WHERE name = ? AND ");
        Values.Add(comparison.Name);
        Compare("value", wanted);
        text.Append(')');
    }

    private void Compare(string column, ComparisonExpression comparison)
    {
        text.Append(column);
        switch (comparison.Operator)
        {
            case "IS":
                text.Append(" IS NULL");
                return;
            case "IN":
                text.Append(" IN (").AppendJoin(", ", comparison.Values.Select(static _ => "?")).Append(')');
                break;
            case "BETWEEN":
                text.Append(" BETWEEN ? AND ?");
                break;
            case "STARTS_WITH":
                // A range, for the index; the bound is the prefix followed by the last character there is.
                text.Append(" >= ? AND ").Append(column).Append(" < ? || char(1114111)");
                Values.Add(comparison.Values[0]);
                break;
            case "=" or "!=" or "<" or "<=" or ">" or ">=":
                text.Append(' ').Append(comparison.Operator).Append(" ?");
                break;
            default:
                throw new InvalidOperationException($"Bug: no SQL for the operator {comparison.Operator}");
        }
        Values.AddRange(comparison.Values);
    }
}
