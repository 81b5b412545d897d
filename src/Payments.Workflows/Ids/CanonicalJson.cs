using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Payments.Ids;

/// <summary>
/// One text for all bodies that mean the same: members sorted by name, no spaces, members that are null left out, numbers in their shortest form
/// (1.0, 1 and 1e0 are one number).
/// </summary>
public static class CanonicalJson
{
    public static void Append(StringBuilder text, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var members = new List<JsonProperty>();
                foreach (var member in value.EnumerateObject())
                {
                    if (member.Value.ValueKind != JsonValueKind.Null)
                    {
                        members.Add(member);
                    }
                }
                members.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
                text.Append('{');
                for (var i = 0; i < members.Count; i++)
                {
                    text.Append(i == 0 ? "" : ",");
                    AppendString(text, members[i].Name);
                    text.Append(':');
                    Append(text, members[i].Value);
                }
                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                var first = true;
                foreach (var item in value.EnumerateArray())
                {
                    text.Append(first ? "" : ",");
                    first = false;
                    Append(text, item);
                }
                text.Append(']');
                break;
            case JsonValueKind.String:
                AppendString(text, value.GetString()!);
                break;
            case JsonValueKind.Number:
                AppendNumber(text, value);
                break;
            case JsonValueKind.True or JsonValueKind.False:
                text.Append(value.ValueKind == JsonValueKind.True ? "true" : "false");
                break;
            default:
                text.Append("null");
                break;
        }
    }

    private static void AppendNumber(StringBuilder text, JsonElement value)
    {
        if (value.TryGetInt64(out var whole))
        {
            text.Append(whole);
        }
        else if (value.TryGetDecimal(out var exact))
        {
            // Dividing by one with many decimals drops trailing zeros: 1.50 becomes 1.5.
            text.Append((exact / 1.000000000000000000000000000000000m).ToString(CultureInfo.InvariantCulture));
        }
        else
        {
            text.Append(value.GetRawText());
        }
    }

    // Length first: no escaping is needed, and no string can imitate structure.
    private static void AppendString(StringBuilder text, string value) => text.Append(value.Length).Append('"').Append(value).Append('"');
}
