using System.Globalization;
using System.Text;

namespace Temporalio.Common.EnvConfig.Internal;

/// <summary>
/// TOML, as tables of strings, booleans, tables and lists. Numbers and times, of which the configuration of clients has none, are read over and given as <see cref="Other"/>.
/// </summary>
internal sealed class Toml
{
    private readonly string text;

    // Tables that have had their header or their dotted keys; another header of the same name is a mistake.
    private readonly HashSet<object> named = new(ReferenceEqualityComparer.Instance);

    // Inline tables are whole where they end.
    private readonly HashSet<object> closed = new(ReferenceEqualityComparer.Instance);
    private int at;

    private Toml(string text) => this.text = text;

    /// <exception cref="FormatException">It is not TOML; the message says where.</exception>
    public static Dictionary<string, object> Parse(string text) => new Toml(text).Document();

    private static Dictionary<string, object> NewTable() => new(StringComparer.Ordinal);

    private Dictionary<string, object> Document()
    {
        var root = NewTable();
        var table = root;
        while (true)
        {
            SkipBlank(lines: true);
            if (at == text.Length)
            {
                return root;
            }
            if (Take('['))
            {
                table = Take('[') ? NewElement(root) : Header(root);
            }
            else
            {
                KeyAndValue(table);
            }
            SkipBlank(lines: false);
            if (at < text.Length && !AtLineEnd())
            {
                throw Wrong("expected the end of the line");
            }
        }
    }

    private Dictionary<string, object> Header(Dictionary<string, object> root)
    {
        var keys = Keys();
        Expect(']');
        var table = Open(root, keys);
        return named.Add(table) ? table : throw Wrong($"duplicate key {string.Join('.', keys)}");
    }

    private Dictionary<string, object> NewElement(Dictionary<string, object> root)
    {
        var keys = Keys();
        Expect(']');
        Expect(']');
        var owner = Open(root, keys.AsSpan(..^1));
        if (!owner.TryGetValue(keys[^1], out var given))
        {
            owner[keys[^1]] = given = new List<object>();
        }
        var elements = given as List<object> ?? throw Wrong($"{keys[^1]} is not a list of tables");
        var table = NewTable();
        elements.Add(table);
        return table;
    }

    private void KeyAndValue(Dictionary<string, object> table)
    {
        var keys = Keys();
        Expect('=');
        SkipBlank(lines: false);
        var owner = table;
        for (var i = 0; i < keys.Length - 1; i++)
        {
            owner = Open(owner, keys.AsSpan(i, 1));
            named.Add(owner);
        }
        if (!owner.TryAdd(keys[^1], Value()))
        {
            throw Wrong($"duplicate key {string.Join('.', keys)}");
        }
    }

    private Dictionary<string, object> Open(Dictionary<string, object> table, ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (!table.TryGetValue(key, out var inner))
            {
                table[key] = inner = NewTable();
            }
            // A path through a list of tables goes on in the last of them.
            var next = (inner is List<object> { Count: > 0 } elements ? elements[^1] : inner) as Dictionary<string, object>;
            table = next is null || closed.Contains(next) ? throw Wrong($"{key} cannot be extended") : next;
        }
        return table;
    }

    private string[] Keys()
    {
        var keys = new List<string>();
        do
        {
            SkipBlank(lines: false);
            keys.Add(Peek() is '"' or '\'' ? Quoted() : Bare());
            SkipBlank(lines: false);
        }
        while (Take('.'));
        return [.. keys];
    }

    private string Bare()
    {
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '_' or '-'))
        {
            at++;
        }
        return at > start ? text[start..at] : throw Wrong("expected a key");
    }

    private object Value() => Peek() switch
    {
        '"' or '\'' => Text(),
        '[' => Elements(),
        '{' => Inline(),
        _ => Word(),
    };

    private List<object> Elements()
    {
        at++;
        var elements = new List<object>();
        while (true)
        {
            SkipBlank(lines: true);
            if (Take(']'))
            {
                return elements;
            }
            elements.Add(Value());
            SkipBlank(lines: true);
            if (!Take(',') && Peek() != ']')
            {
                throw Wrong("expected ',' or ']'");
            }
        }
    }

    private Dictionary<string, object> Inline()
    {
        at++;
        var table = NewTable();
        while (true)
        {
            SkipBlank(lines: true);
            if (Take('}'))
            {
                closed.Add(table);
                return table;
            }
            KeyAndValue(table);
            SkipBlank(lines: true);
            if (!Take(',') && Peek() != '}')
            {
                throw Wrong("expected ',' or '}'");
            }
        }
    }

    private object Word()
    {
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '+' or '-' or '.' or ':' or '_'))
        {
            at++;
        }
        var word = text[start..at];
        return word switch
        {
            "true" => true,
            "false" => false,
            "inf" or "nan" => new Other(word),
            _ when word.Length > 0 && (char.IsAsciiDigit(word[0]) || (word.Length > 1 && word[0] is '+' or '-')) => new Other(word),
            _ => throw Wrong($"cannot read value '{word}'"),
        };
    }

    private string Text()
    {
        var quote = text[at];
        var fence = new string(quote, 3);
        if (string.CompareOrdinal(text, at, fence, 0, 3) != 0)
        {
            return Quoted();
        }
        at += 3;
        if (AtLineEnd())
        {
            at += text[at] == '\r' ? 2 : 1;
        }
        var value = Until(fence, quote == '"', lines: true);
        // Up to two quotes may stand before the fence.
        while (Take(quote))
        {
            value.Append(quote);
        }
        return value.ToString();
    }

    private string Quoted()
    {
        var quote = text[at++];
        return Until(quote.ToString(), quote == '"', lines: false).ToString();
    }

    private StringBuilder Until(string fence, bool escapes, bool lines)
    {
        var value = new StringBuilder();
        while (at < text.Length)
        {
            if (string.CompareOrdinal(text, at, fence, 0, fence.Length) == 0)
            {
                at += fence.Length;
                return value;
            }
            if (escapes && text[at] == '\\')
            {
                at++;
                Escape(value, lines);
            }
            else if (char.IsControl(text[at]) && text[at] != '\t' && !(lines && (text[at] == '\n' || AtLineEnd())))
            {
                throw Wrong("a string has a control character, or does not end on its line");
            }
            else
            {
                value.Append(text[at++]);
            }
        }
        throw Wrong("a string does not end");
    }

    private void Escape(StringBuilder value, bool lines)
    {
        var kind = Peek();
        if (lines && char.IsWhiteSpace(kind))
        {
            // A line that ends with a backslash goes on with the next line's text.
            while (at < text.Length && char.IsWhiteSpace(text[at]))
            {
                at++;
            }
            return;
        }
        at++;
        switch (kind)
        {
            case 'b':
                value.Append('\b');
                break;
            case 'e':
                value.Append('\e');
                break;
            case 'f':
                value.Append('\f');
                break;
            case 'n':
                value.Append('\n');
                break;
            case 'r':
                value.Append('\r');
                break;
            case 't':
                value.Append('\t');
                break;
            case '"' or '\\':
                value.Append(kind);
                break;
            case 'x' or 'u' or 'U':
                value.Append(Numbered(kind == 'x' ? 2 : kind == 'u' ? 4 : 8));
                break;
            default:
                throw Wrong($"unknown escape \\{kind}");
        }
    }

    private Rune Numbered(int length)
    {
        if (at + length > text.Length ||
            !int.TryParse(text.AsSpan(at, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var rune) ||
            !Rune.IsValid(rune))
        {
            throw Wrong("not a character's number");
        }
        at += length;
        return new(rune);
    }

    private void SkipBlank(bool lines)
    {
        while (at < text.Length)
        {
            if (text[at] == '#')
            {
                while (at < text.Length && text[at] != '\n')
                {
                    at++;
                }
            }
            else if (text[at] is ' ' or '\t' || (lines && AtLineEnd()))
            {
                at++;
            }
            else
            {
                return;
            }
        }
    }

    private bool AtLineEnd() => Peek() == '\n' || (Peek() == '\r' && at + 1 < text.Length && text[at + 1] == '\n');

    private char Peek() => at < text.Length ? text[at] : '\0';

    private bool Take(char expected)
    {
        if (Peek() != expected)
        {
            return false;
        }
        at++;
        return true;
    }

    private void Expect(char expected)
    {
        SkipBlank(lines: false);
        if (!Take(expected))
        {
            throw Wrong($"expected '{expected}'");
        }
    }

    private FormatException Wrong(string what)
    {
        var before = text.AsSpan(0, Math.Min(at, text.Length));
        return new($"TOML parse error at line {before.Count('\n') + 1}, column {before.Length - before.LastIndexOf('\n')}: {what}");
    }

    /// <summary>A number or a time, unread.</summary>
    public sealed record Other(string Written);
}
