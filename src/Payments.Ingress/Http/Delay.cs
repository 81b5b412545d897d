using System.Globalization;
using System.Xml;

namespace Payments.Ingress;

/// <summary>Reads the delay of a send: ISO 8601 ("PT10S") or short ("10s", "500ms", "5m", "2h", "1d").</summary>
public static class Delay
{
    public static bool TryParse(string text, out TimeSpan delay)
    {
        ArgumentNullException.ThrowIfNull(text);
        delay = default;
        if (text.StartsWith('P'))
        {
            // Years and months have no fixed length.
            var date = text.Split('T')[0];
            if (date.Contains('Y', StringComparison.Ordinal) || date.Contains('M', StringComparison.Ordinal))
            {
                return false;
            }
            try
            {
                delay = XmlConvert.ToTimeSpan(text);
                return true;
            }
            catch (FormatException)
            {
                return false;
            }
            catch (OverflowException)
            {
                return false;
            }
        }
        var digits = text.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
        if (digits == 0 || !double.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number > 1e9)
        {
            return false;
        }
        double? seconds = text[digits..] switch { "ms" => number / 1000, "s" => number, "m" => number * 60, "h" => number * 3600, "d" => number * 86400, _ => null };
        if (seconds is null or > 1e9)
        {
            return false;
        }
        delay = TimeSpan.FromSeconds(seconds.Value);
        return true;
    }
}
