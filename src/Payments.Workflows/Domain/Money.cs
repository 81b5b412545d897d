using System.Globalization;

namespace Payments.Domain;

/// <summary>An amount in the minor units of its currency: 1234 of USD is 12.34 dollars. Never a float.</summary>
public readonly record struct Money(long MinorUnits, Currency Currency)
{
    /// <summary>Exactly the currency's number of decimals: "12.34", "1234" for JPY, "1.234" for KWD.</summary>
    public string ToDecimalString()
    {
        var exponent = Currency.Exponent;
        if (exponent == 0)
        {
            return MinorUnits.ToString(CultureInfo.InvariantCulture);
        }
        var digits = Math.Abs((decimal)MinorUnits).ToString(CultureInfo.InvariantCulture).PadLeft(exponent + 1, '0');
        return $"{(MinorUnits < 0 ? "-" : "")}{digits[..^exponent]}.{digits[^exponent..]}";
    }

    /// <summary>Longer texts may have more digits than a decimal holds, which are rounded away in silence.</summary>
    private const int TextMax = 28;

    /// <summary>Reads a decimal ("12.34"). False when it has more decimals than the currency, or does not fit.</summary>
    /// <param name="exponent">Whether "1.5e1" is a number, as it is in JSON.</param>
    public static bool TryParse(string text, Currency currency, out Money money, bool exponent = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(currency);
        money = default;
        var styles = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign | (exponent ? NumberStyles.AllowExponent : NumberStyles.None);
        if (text.Length > TextMax || !decimal.TryParse(text, styles, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }
        for (var i = 0; i < currency.Exponent; i++)
        {
            if (value is > long.MaxValue or < long.MinValue)
            {
                return false;
            }
            value *= 10;
        }
        if (value != decimal.Truncate(value) || value is > long.MaxValue or < long.MinValue)
        {
            return false;
        }
        money = new Money((long)value, currency);
        return true;
    }

    public override string ToString() => $"{ToDecimalString()} {Currency.Code}";
}
