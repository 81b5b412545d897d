using System.Globalization;

namespace Durable.Protocol.Http2;

/// <summary>The <c>grpc-timeout</c> header: up to eight digits and a unit (H M S m u n).</summary>
public static class GrpcTimeout
{
    private const long LargestNumber = 99_999_999;

    /// <summary>The shortest exact form; a finer unit than fits into eight digits is rounded up.</summary>
    public static string Format(TimeSpan timeout)
    {
        if (timeout <= TimeSpan.Zero)
        {
            return "0n";
        }
        var ticks = timeout.Ticks;
        ReadOnlySpan<(long Ticks, char Unit)> units =
        [
            (TimeSpan.TicksPerMicrosecond, 'u'), (TimeSpan.TicksPerMillisecond, 'm'), (TimeSpan.TicksPerSecond, 'S'),
            (TimeSpan.TicksPerMinute, 'M'), (TimeSpan.TicksPerHour, 'H'),
        ];
        foreach (var (size, unit) in units)
        {
            var number = (ticks - 1) / size + 1;
            if (number <= LargestNumber)
            {
                return number.ToString(CultureInfo.InvariantCulture) + unit;
            }
        }
        return $"{LargestNumber}H";
    }

    /// <returns>False when the header is not of the form that the gRPC protocol gives.</returns>
    public static bool TryParse(string header, out TimeSpan timeout)
    {
        timeout = default;
        if (header.Length is < 2 or > 9 ||
            !long.TryParse(header.AsSpan(0, header.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }
        switch (header[^1])
        {
            case 'n':
                timeout = TimeSpan.FromTicks((number + 99) / 100);
                return true;
            case 'u':
                timeout = TimeSpan.FromTicks(number * TimeSpan.TicksPerMicrosecond);
                return true;
            case 'm':
                timeout = TimeSpan.FromTicks(number * TimeSpan.TicksPerMillisecond);
                return true;
            case 'S':
                timeout = TimeSpan.FromTicks(number * TimeSpan.TicksPerSecond);
                return true;
            case 'M':
                timeout = TimeSpan.FromTicks(number * TimeSpan.TicksPerMinute);
                return true;
            case 'H':
                // The largest value in hours is longer than a TimeSpan holds.
                timeout = TimeSpan.FromHours(Math.Min(number, 1_000_000));
                return true;
            default:
                return false;
        }
    }
}
