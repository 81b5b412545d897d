using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Durable.Protocol;
using Durable.Server.Executions;
using Temporalio.Api.Enums.V1;

namespace Durable.Server.Visibility;

/// <summary>Reads the part of SQL that Temporal's list and count take.</summary>
public sealed class VisibilityParser
{
    // A query becomes a tree that is walked by recursion, here and in SQLite: none may be so deep that it ends the process. SQLite takes about
    // thirty open parentheses, a thousand levels of operators and 32,766 values.
    private const int DepthMax = 20;
    private const int ConditionsMax = 500;
    private const int ValuesMax = 10_000;

    private readonly Func<string, IndexedValueType?> typeOf;
    private readonly List<(string Text, char Kind, int End)> tokens = [];
    private int next;
    private int depth;
    private int conditions;
    private int values;

    private VisibilityParser(Func<string, IndexedValueType?> typeOf) => this.typeOf = typeOf;

    /// <param name="typeOf">The type of a search attribute; null when there is none of that name.</param>
    /// <exception cref="RpcFaultException">INVALID_ARGUMENT <c>invalid query: …</c>.</exception>
    public static (VisibilityExpression? Filter, bool GroupByStatus) Parse(string query, Func<string, IndexedValueType?> typeOf, bool count)
    {
        var parser = new VisibilityParser(typeOf);
        parser.Tokenise(query);
        if (parser.tokens.Count == 0)
        {
            return (null, false);
        }
        var filter = parser.IsWord("GROUP") ? null : parser.Or();
        var group = false;
        if (parser.TryWord("GROUP"))
        {
            parser.Word("BY");
            var name = parser.Take('w');
            if (!count || name != "ExecutionStatus")
            {
                throw Invalid(count ? $"'GROUP BY' clause is only supported for ExecutionStatus" : "operation is not supported: 'group by' clause");
            }
            group = true;
        }
        if (parser.IsWord("ORDER"))
        {
            throw Invalid("operation is not supported: 'ORDER BY' clause");
        }
        if (parser.IsWord("LIMIT"))
        {
            throw Invalid("operation is not supported: 'LIMIT' clause");
        }
        return parser.next == parser.tokens.Count ? (filter, group) : throw parser.Syntax();
    }

    private static RpcFaultException Invalid(string detail) => Faults.InvalidArgument($"invalid query: {detail}");

    private VisibilityExpression Or()
    {
        var left = And();
        while (TryWord("OR"))
        {
            left = new OrExpression(left, And());
        }
        return left;
    }

    private VisibilityExpression And()
    {
        var left = Not();
        while (TryWord("AND"))
        {
            left = new AndExpression(left, Not());
        }
        return left;
    }

    private VisibilityExpression Not()
    {
        if (!TryWord("NOT"))
        {
            return Primary();
        }
        Deeper();
        var inner = new NotExpression(Not());
        depth--;
        return inner;
    }

    private void Deeper()
    {
        if (++depth > DepthMax)
        {
            throw Invalid($"nested deeper than {DepthMax}");
        }
    }

    private VisibilityExpression Primary()
    {
        if (TrySymbol("("))
        {
            Deeper();
            var inner = Or();
            depth--;
            Symbol(")");
            return inner;
        }
        if (++conditions > ConditionsMax)
        {
            throw Invalid($"more than {ConditionsMax} conditions");
        }
        var name = Take('w');
        var type = typeOf(name);
        if (!HasOperator())
        {
            throw Syntax();
        }
        if (TryWord("IS"))
        {
            var negated = TryWord("NOT");
            Word("NULL");
            Known(name, type);
            VisibilityExpression isNull = new ComparisonExpression(name, "IS", []);
            return negated ? new NotExpression(isNull) : isNull;
        }
        Known(name, type);
        var not = TryWord("NOT");
        VisibilityExpression comparison;
        if (TryWord("IN"))
        {
            Symbol("(");
            var listed = new List<object> { Value(name, type.Value) };
            while (TrySymbol(","))
            {
                listed.Add(Value(name, type.Value));
            }
            Symbol(")");
            comparison = new ComparisonExpression(name, "IN", listed);
        }
        else if (TryWord("BETWEEN"))
        {
            var from = Value(name, type.Value);
            Word("AND");
            comparison = new ComparisonExpression(name, "BETWEEN", [from, Value(name, type.Value)]);
        }
        else if (TryWord("STARTS_WITH"))
        {
            comparison = new ComparisonExpression(name, "STARTS_WITH", [Value(name, type.Value)]);
        }
        else
        {
            if (not || next >= tokens.Count || tokens[next].Kind != 'o')
            {
                throw Syntax();
            }
            comparison = new ComparisonExpression(name, tokens[next++].Text, [Value(name, type.Value)]);
        }
        return not ? new NotExpression(comparison) : comparison;
    }

    private static void Known(string name, [NotNull] IndexedValueType? type)
    {
        if (type is null)
        {
            throw Invalid($"invalid search attribute: {name}");
        }
    }

    private bool HasOperator() => next < tokens.Count &&
        (tokens[next].Kind == 'o' || tokens[next].Text.ToUpperInvariant() is "IS" or "IN" or "BETWEEN" or "STARTS_WITH" or "NOT");

    private object Value(string name, IndexedValueType type)
    {
        if (next >= tokens.Count)
        {
            throw Syntax();
        }
        if (++values > ValuesMax)
        {
            throw Invalid($"more than {ValuesMax} values");
        }
        var (text, kind, _) = tokens[next];
        if (kind == 'w' && text.ToUpperInvariant() is "TRUE" or "FALSE")
        {
            next++;
            return text.Equals("true", StringComparison.OrdinalIgnoreCase);
        }
        if (kind is not ('s' or 'n'))
        {
            throw kind == 'w' ? Invalid($"invalid expression: unable to convert '{text}' to a value: strings need quotes") : Syntax();
        }
        next++;
        if (name == "ExecutionStatus")
        {
            return Status(text);
        }
        switch (type)
        {
            case IndexedValueType.Datetime:
                if (kind == 'n' && long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var nanoseconds))
                {
                    return DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / 100);
                }
                return text.Contains('T', StringComparison.Ordinal) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                    ? time
                    : throw Invalid($"unable to parse datetime '{text}' of {name}");
            case IndexedValueType.Int or IndexedValueType.Double:
                return name == "ExecutionDuration" && kind == 's'
                    ? Duration(text)
                    : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                        ? number
                        : throw Invalid($"invalid value for search attribute {name} of type {type}: {text}");
            case IndexedValueType.Bool:
                return bool.TryParse(text, out var boolean) ? boolean : throw Invalid($"invalid value for search attribute {name} of type Bool: {text}");
            default:
                return kind == 's' ? text : throw Invalid($"invalid value for search attribute {name} of type {type}: {text}");
        }
    }

    private static object Status(string text)
    {
        if (int.TryParse(text, out var number) && Enum.IsDefined((WorkflowExecutionStatus)number))
        {
            return ((WorkflowExecutionStatus)number).ToString();
        }
        return Enum.TryParse<WorkflowExecutionStatus>(text, ignoreCase: false, out var status) && status != WorkflowExecutionStatus.Unspecified
            ? status.ToString()
            : throw Invalid($"invalid ExecutionStatus value '{text}'");
    }

    private static object Duration(string text)
    {
        if (long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var nanoseconds))
        {
            return (double)nanoseconds;
        }
        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) ? (double)(span.Ticks * 100)
            : Schedules.CronSchedule.TryParse("@every " + text, out _)?.Every is { } every ? (double)(every.Ticks * 100)
            : throw Invalid($"invalid value for search attribute ExecutionDuration: {text}");
    }

    private void Tokenise(string query)
    {
        var i = 0;
        while (i < query.Length)
        {
            var c = query[i];
            var start = i;
            if (char.IsWhiteSpace(c))
            {
                i++;
            }
            else if (c is '"' or '\'' or '`')
            {
                var text = new System.Text.StringBuilder();
                for (i++; ; i++)
                {
                    if (i >= query.Length)
                    {
                        throw Malformed(query.Length + 1, query[(start + 1)..]);
                    }
                    if (query[i] == c && i + 1 < query.Length && query[i + 1] == c)
                    {
                        i++;
                    }
                    else if (query[i] == '\\' && i + 1 < query.Length)
                    {
                        i++;
                    }
                    else if (query[i] == c)
                    {
                        break;
                    }
                    text.Append(query[i]);
                }
                i++;
                tokens.Add((text.ToString(), c == '`' ? 'w' : 's', i));
            }
            else if (char.IsAsciiDigit(c) || (c is '-' or '+' or '.' && i + 1 < query.Length && char.IsAsciiDigit(query[i + 1])))
            {
                for (i++; i < query.Length && (char.IsAsciiLetterOrDigit(query[i]) || query[i] is '.'); i++)
                {
                }
                tokens.Add((query[start..i], 'n', i));
            }
            else if (char.IsLetter(c) || c == '_')
            {
                for (i++; i < query.Length && (char.IsLetterOrDigit(query[i]) || query[i] is '_' or '-' or '.' or ':'); i++)
                {
                }
                tokens.Add((query[start..i], 'w', i));
            }
            else if (c is '(' or ')' or ',')
            {
                tokens.Add((c.ToString(), 'p', ++i));
            }
            else
            {
                var two = i + 1 < query.Length ? query.Substring(i, 2) : "";
                var symbol = two is ">=" or "<=" or "!=" or "<>" ? two : c is '=' or '>' or '<' ? c.ToString() : throw Malformed(i + 1, c.ToString());
                i += symbol.Length;
                tokens.Add((symbol == "<>" ? "!=" : symbol, 'o', i));
            }
        }
    }

    // The genuine server parses "select * from table1 where " + query, and its positions count from there.
    private const int StatementPrefix = 27;

    private static RpcFaultException Malformed(int position, string near) =>
        Invalid($"malformed SQL query: syntax error at position {position + StatementPrefix} near '{near}'");

    private RpcFaultException Syntax() => next < tokens.Count
        ? Malformed(tokens[next].End + 1, tokens[next].Text)
        : Invalid($"malformed SQL query: syntax error at position {(tokens.Count > 0 ? tokens[^1].End : 0) + StatementPrefix + 1}");

    private bool IsWord(string word) => next < tokens.Count && tokens[next].Kind == 'w' && tokens[next].Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    private bool TryWord(string word)
    {
        if (!IsWord(word))
        {
            return false;
        }
        next++;
        return true;
    }

    private void Word(string word)
    {
        if (!TryWord(word))
        {
            throw Syntax();
        }
    }

    private bool TrySymbol(string symbol)
    {
        if (next >= tokens.Count || tokens[next].Kind != 'p' || tokens[next].Text != symbol)
        {
            return false;
        }
        next++;
        return true;
    }

    private void Symbol(string symbol)
    {
        if (!TrySymbol(symbol))
        {
            throw Syntax();
        }
    }

    private string Take(char kind) => next < tokens.Count && tokens[next].Kind == kind ? tokens[next++].Text : throw Syntax();
}
