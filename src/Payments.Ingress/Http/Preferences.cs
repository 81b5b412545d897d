using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Payments.Ingress;

/// <summary>What a caller prefers (RFC 7240): how long to wait, or not at all.</summary>
public readonly record struct Preferences(TimeSpan Wait, bool RespondAsync)
{
    /// <summary>
    /// As the RFC asks, preferences that are not known are ignored, of two waits the first counts, and a value may be quoted. A wait that is no number from 0 to the
    /// maximum is an error.
    /// </summary>
    public static (Preferences Value, string? Error) Parse(StringValues prefer, IdempotencyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        TimeSpan? wait = null;
        var respondAsync = false;
        foreach (var value in prefer)
        {
            foreach (var part in (value ?? "").Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (part.Equals("respond-async", StringComparison.OrdinalIgnoreCase))
                {
                    respondAsync = true;
                }
                else if (part.StartsWith("wait", StringComparison.OrdinalIgnoreCase) && part[4..].TrimStart() is ['=', .. var number])
                {
                    if (!int.TryParse(Unquoted(number.Trim()), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > options.WaitMax.TotalSeconds)
                    {
                        return (default, $"wait is a whole number of seconds from 0 to {options.WaitMax.TotalSeconds}.");
                    }
                    wait ??= TimeSpan.FromSeconds(seconds);
                }
            }
        }
        return (new Preferences(wait ?? options.WaitDefault, respondAsync), null);
    }

    private static string Unquoted(string value) => value is ['"', .. var inside, '"'] ? inside : value;
}
