using System.Globalization;
using System.Text;

namespace Temporalio.Common.EnvConfig.Internal;

/// <summary>The part of TOML that configuration files of clients use: tables, dotted and quoted keys, strings of all four kinds, booleans and whole numbers.</summary>
internal sealed class Toml
{
    private readonly string text;
    private int at;

    private Toml(string text) => this.text = text;

    /// <exception cref="FormatException">It is not TOML, or more of it than is supported.</exception>
    public static Dictionary<string, object> Parse(string text) => new Toml(text.Replace("\r\n", "\n", StringComparison.Ordinal)).Document();

    private Dictionary<string, object> Document()
    {
        var root = new Dictionary<string, object>(StringComparer.Ordinal);
        var table = root;
        while (true)
        {
            SkipBlank(lines: true);
            if (at == text.Length)
            {
                return root;
            }
            if (text[at] == '[')
            {
                at++;
                if (Peek() == '[')
                {
                    throw Wrong("arrays of tables are not supported");
                }
                table = Open(root, Keys());
                Expect(']');
            }
            else
            {
                var keys = Keys();
                Expect('=');
                SkipBlank(lines: false);
                var owner = Open(table, keys[..^1]);
                if (!owner.TryAdd(keys[^1], Value()))
                {
                    throw Wrong($"key {keys[^1]} is there twice");
                }
            }
            SkipBlank(lines: false);
            if (at < text.Length && text[at] != '\n')
            {
                throw Wrong("expected the end of the line");
            }
        }
    }

    private Dictionary<string, object> Open(Dictionary<string, object> table, IReadOnlyList<string> keys)
    {
        foreach (var key in keys)
        {
            if (!table.TryGetValue(key, out var inner))
            {
                table[key] = inner = new Dictionary<string, object>(StringComparer.Ordinal);
            }
            table = inner as Dictionary<string, object> ?? throw Wrong($"{key} is not a table");
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

    private object Value()
    {
        if (Peek() is '"' or '\'')
        {
            return Quoted();
        }
        var start = at;
        while (at < text.Length && text[at] is not ('\n' or '#' or ' ' or '\t'))
        {
            at++;
        }
        var word = text[start..at];
        return word switch
        {
            "true" => true,
            "false" => false,
            _ => long.TryParse(word.Replace("_", string.Empty, StringComparison.Ordinal), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw Wrong($"cannot read value '{word}'"),
        };
    }

    private string Quoted()
    {
        var quote = text[at];
        var fence = new string(quote, 3);
        if (string.CompareOrdinal(text, at, fence, 0, 3) == 0)
        {
            at += 3;
            Take('\n');
            return Until(fence, quote == '"');
        }
        at++;
        var value = Until(quote.ToString(), quote == '"');
        return value.Contains('\n', StringComparison.Ordinal) ? throw Wrong("a string does not end on its line") : value;
    }

    private string Until(string fence, bool escapes)
    {
        var value = new StringBuilder();
        while (at < text.Length)
        {
            if (string.CompareOrdinal(text, at, fence, 0, fence.Length) == 0)
            {
                at += fence.Length;
                return value.ToString();
            }
            if (escapes && text[at] == '\\')
            {
                at++;
                Escape(value);
            }
            else
            {
                value.Append(text[at++]);
            }
        }
        throw Wrong("a string does not end");
    }

    private void Escape(StringBuilder value)
    {
        var kind = at < text.Length ? text[at++] : '\0';
        switch (kind)
        {
            case 'n':
                value.Append('\n');
                break;
            case 't':
                value.Append('\t');
                break;
            case 'r':
                value.Append('\r');
                break;
            case 'b':
                value.Append('\b');
                break;
            case 'f':
                value.Append('\f');
                break;
            case '"' or '\\':
                value.Append(kind);
                break;
            case 'u' or 'U':
                var length = kind == 'u' ? 4 : 8;
                if (at + length > text.Length ||
                    !int.TryParse(text.AsSpan(at, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var rune) ||
                    !Rune.IsValid(rune))
                {
                    throw Wrong("not a character's number");
                }
                at += length;
                value.Append(new Rune(rune));
                break;
            case '\n':
                // A line that ends with a backslash goes on with the next line's text.
                SkipBlank(lines: true);
                break;
            default:
                throw Wrong($"unknown escape \\{kind}");
        }
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
            else if (text[at] is ' ' or '\t' || (lines && text[at] == '\n'))
            {
                at++;
            }
            else
            {
                return;
            }
        }
    }

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

    private FormatException Wrong(string what) => new($"line {text.AsSpan(0, Math.Min(at, text.Length)).Count('\n') + 1}: {what}");
}
