using System.Text.Json;

namespace Payments.Ingress;

/// <summary>Finds card numbers, so that a body that holds one is refused before anything of it is stored or logged.</summary>
public static class CardNumbers
{
    /// <summary>The path of the first member that holds 13 to 19 digits (spaces and dashes between them allowed) that begin as cards do and pass the Luhn check; null if none does.</summary>
    public static string? Find(JsonElement body, string path = "")
    {
        switch (body.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in body.EnumerateObject())
                {
                    var here = path.Length == 0 ? member.Name : path + "." + member.Name;
                    if (Holds(member.Name))
                    {
                        return path.Length == 0 ? "(a member name)" : path;
                    }
                    if (Find(member.Value, here) is { } found)
                    {
                        return found;
                    }
                }
                return null;
            case JsonValueKind.Array:
                foreach (var item in body.EnumerateArray())
                {
                    if (Find(item, path + "[]") is { } found)
                    {
                        return found;
                    }
                }
                return null;
            case JsonValueKind.String:
                return Holds(body.GetString()!) ? path : null;
            case JsonValueKind.Number:
                return Holds(body.GetRawText()) ? path : null;
            default:
                return null;
        }
    }

    public static bool Holds(ReadOnlySpan<char> text)
    {
        if (text.Length < 13)
        {
            return false;
        }
        Span<byte> digits = stackalloc byte[19];
        var count = 0;
        var tooLong = false;
        for (var i = 0; i <= text.Length; i++)
        {
            var c = i < text.Length ? text[i] : '\0';
            if (char.IsAsciiDigit(c))
            {
                if (count < digits.Length)
                {
                    digits[count++] = (byte)(c - '0');
                }
                else
                {
                    tooLong = true;
                }
            }
            else if (!(c is ' ' or '-' && count > 0))
            {
                if (count >= 13 && !tooLong && PassesLuhn(digits[..count]))
                {
                    return true;
                }
                count = 0;
                tooLong = false;
            }
        }
        return false;
    }

    private static bool PassesLuhn(ReadOnlySpan<byte> digits)
    {
        // The networks' numbers begin with 2 to 6. One in ten of all numbers passes the check, and a time in milliseconds, which begins with 1, has 13 digits.
        if (digits[0] is < 2 or > 6)
        {
            return false;
        }
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = (int)digits[^(i + 1)];
            sum += i % 2 == 0 ? digit : digit > 4 ? 2 * digit - 9 : 2 * digit;
        }
        return sum % 10 == 0;
    }
}
