using Microsoft.Extensions.Primitives;

namespace Payments.Ingress;

/// <summary>Reads the idempotency key: bare or as a quoted structured-field string (RFC 8941), both are the same key.</summary>
public static class IdempotencyKeyHeader
{
    public const int LengthMax = 255;

    /// <returns>Null and no error when the header is absent.</returns>
    public static (string? Key, string? Error) Parse(StringValues values)
    {
        if (values.Count == 0)
        {
            return (null, null);
        }
        if (values.Count > 1)
        {
            return (null, "The header is there more than once; send one key.");
        }
        var text = values[0]!.Trim();
        // A comma ends a member of a list: it is how a proxy joins two headers into one. Within quotes it is part of the key.
        return !text.StartsWith('"') && text.Contains(',', StringComparison.Ordinal)
            ? (null, "A key with a comma must be quoted; without quotes it may be two keys joined by a proxy.")
            : ParseValue(text);
    }

    /// <summary>The same for a key that stands elsewhere than in a header, where a comma is no separator.</summary>
    public static (string? Key, string? Error) ParseValue(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var text = value.Trim();
        return text.StartsWith('"') ? Unquote(text) : Check(text);
    }

    private static (string?, string?) Unquote(string text)
    {
        var key = new System.Text.StringBuilder(text.Length);
        for (var i = 1; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\\' when i + 1 < text.Length && text[i + 1] is '"' or '\\':
                    key.Append(text[++i]);
                    break;
                case '\\':
                    return (null, "A backslash in a quoted key may only stand before a quote or a backslash.");
                case '"':
                    // Parameters after the string (";a=1") are allowed by RFC 8941 and mean nothing here.
                    return i == text.Length - 1 || text[i + 1] == ';'
                        ? Check(key.ToString())
                        : (null, "Something follows the closing quote; send one key.");
                default:
                    key.Append(text[i]);
                    break;
            }
        }
        return (null, "The closing quote is missing.");
    }

    private static (string?, string?) Check(string key)
    {
        if (key.Length is 0 or > LengthMax)
        {
            return (null, $"A key has 1 to {LengthMax} characters; this one has {key.Length}.");
        }
        foreach (var c in key)
        {
            if (c is <= ' ' or > '~')
            {
                return (null, "A key consists of visible ASCII characters, without spaces.");
            }
        }
        return (key, null);
    }
}
