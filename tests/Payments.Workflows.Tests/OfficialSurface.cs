using System.Text.RegularExpressions;

namespace Payments.Workflows.Tests;

/// <summary>The public surface of the official SDK, read from the list that a tool made of its assemblies: one line per type and member.</summary>
internal sealed partial class OfficialSurface
{
    private readonly Dictionary<string, string[]> bases = new(StringComparer.Ordinal);
    private readonly HashSet<string> records = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<int>> members = new(StringComparer.Ordinal);

    public OfficialSurface(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            Read(line);
        }
    }

    /// <param name="type">Full name, nested types with a dot, without type arguments.</param>
    /// <param name="member">As in metadata: get_X, set_X, .ctor, method.</param>
    public bool Has(string type, string member, int parameters)
    {
        for (var seen = new HashSet<string>(StringComparer.Ordinal); ;)
        {
            if (!bases.ContainsKey(type) || !seen.Add(type))
            {
                return false;
            }
            if (Declares(type, member, parameters))
            {
                return true;
            }
            if (bases[type].Any(@base => Has(@base, member, parameters)))
            {
                return true;
            }
            return records.Contains(type) && member is "<Clone>$" or "op_Equality" or "op_Inequality" or "Equals" or "GetHashCode" or "ToString";
        }
    }

    public bool HasType(string type) => bases.ContainsKey(type);

    private bool Declares(string type, string member, int parameters)
    {
        var name = member switch
        {
            ".ctor" => "new",
            _ when member.StartsWith("get_", StringComparison.Ordinal) || member.StartsWith("set_", StringComparison.Ordinal) => member[4..],
            _ when member.StartsWith("add_", StringComparison.Ordinal) => member[4..],
            _ => member,
        };
        var property = name != member && member != ".ctor";
        return members.TryGetValue(type + "." + name, out var counts) && (property || counts.Contains(parameters));
    }

    private void Read(string line)
    {
        var declared = TypeLine().Match(line);
        if (declared.Success)
        {
            var type = Plain(declared.Groups["type"].Value);
            var kind = declared.Groups["kind"].Value;
            bases[type] = [.. Split(declared.Groups["bases"].Value).Select(Plain)];
            if (kind.Contains("record", StringComparison.Ordinal))
            {
                records.Add(type);
            }
            return;
        }
        var open = line.IndexOf('(', StringComparison.Ordinal);
        var colon = line.IndexOf(" : ", StringComparison.Ordinal);
        if (open > 0 && (colon < 0 || open < colon))
        {
            Add(Plain(line[..open]), Split(Inside(line, open)).Length);
        }
        else if (colon > 0)
        {
            Add(Plain(line[..colon]), 0);
        }
    }

    private void Add(string member, int parameters)
    {
        if (!members.TryGetValue(member, out var counts))
        {
            members[member] = counts = [];
        }
        counts.Add(parameters);
    }

    private static string Inside(string line, int open)
    {
        var depth = 0;
        for (var i = open; i < line.Length; i++)
        {
            depth += line[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth == 0)
            {
                return line[(open + 1)..i];
            }
        }
        return "";
    }

    // Commas between angle brackets or parentheses belong to type arguments and tuples.
    private static string[] Split(string list)
    {
        var parts = new List<string>();
        var (depth, start) = (0, 0);
        for (var i = 0; i < list.Length; i++)
        {
            depth += list[i] switch { '<' or '(' or '[' => 1, '>' or ')' or ']' => -1, _ => 0 };
            if (list[i] == ',' && depth == 0)
            {
                parts.Add(list[start..i].Trim());
                start = i + 1;
            }
        }
        parts.Add(list[start..].Trim());
        return [.. parts.Where(part => part.Length > 0)];
    }

    // Without type arguments: the surface names them, metadata counts them.
    private static string Plain(string name)
    {
        var plain = new System.Text.StringBuilder();
        var depth = 0;
        foreach (var c in name)
        {
            depth += c switch { '<' => 1, '>' => -1, _ => 0 };
            if (depth == 0 && c != '>')
            {
                plain.Append(c);
            }
        }
        return plain.ToString().Trim();
    }

    [GeneratedRegex(@"^(?<type>\S+(?:, \S+>)?) = (?<kind>(?:(?:static|abstract|sealed|readonly) )*(?:class|interface|enum|struct|record struct|record|delegate)[^:\[]*?)(?: : (?<bases>.*?))?(?: where .*)?(?: \[.*\])?$")]
    private static partial Regex TypeLine();
}
