using System.Globalization;

namespace Temporalio.Runtime.Internal;

/// <summary>Which numbers a metric may have, and what they become: integers are <see cref="long"/>, the others <see cref="double"/>.</summary>
internal static class MetricNumbers
{
    public static bool IsInteger<T>() => Type.GetTypeCode(typeof(T)) is
        TypeCode.SByte or TypeCode.Byte or TypeCode.Int16 or TypeCode.UInt16 or TypeCode.Int32 or TypeCode.UInt32 or TypeCode.Int64 or TypeCode.UInt64;

    public static bool IsFloat<T>() => Type.GetTypeCode(typeof(T)) is TypeCode.Single or TypeCode.Double or TypeCode.Decimal;

    /// <exception cref="ArgumentException">The type is none of an integer.</exception>
    public static void RequireCounter<T>()
    {
        if (!IsInteger<T>())
        {
            throw new ArgumentException($"Invalid metric type of {typeof(T)}, must be integer");
        }
    }

    /// <exception cref="ArgumentException">The type is none of a number.</exception>
    public static void RequireGauge<T>()
    {
        if (!IsInteger<T>() && !IsFloat<T>())
        {
            throw new ArgumentException($"Invalid metric type of {typeof(T)}, must be integer or float");
        }
    }

    /// <exception cref="ArgumentException">The type is none of a number or duration.</exception>
    public static void RequireHistogram<T>()
    {
        if (!IsInteger<T>() && !IsFloat<T>() && typeof(T) != typeof(TimeSpan))
        {
            throw new ArgumentException($"Invalid metric type of {typeof(T)}, must be integer, float, or TimeSpan");
        }
    }

    /// <exception cref="ArgumentException">The value is negative.</exception>
    public static long ToLong<T>(T value)
        where T : struct
    {
        var number = value switch
        {
            long v => v,
            int v => v,
            short v => v,
            sbyte v => v,
            byte v => v,
            ushort v => v,
            uint v => v,
            ulong v => v > long.MaxValue ? long.MaxValue : (long)v,
            _ => throw new ArgumentException($"Only integer metric types supported, but got {typeof(T)}"),
        };
        return number >= 0 ? number : throw new ArgumentException("Value cannot be negative");
    }

    /// <exception cref="ArgumentException">The value is negative.</exception>
    public static double ToDouble<T>(T value)
        where T : struct
    {
        var number = value switch
        {
            double v => v,
            float v => v,
            decimal v => (double)v,
            _ => throw new ArgumentException($"Only float metric types supported, but got {typeof(T)}"),
        };
        return number < 0 ? throw new ArgumentException("Value cannot be negative") : number;
    }

    /// <summary>The value of a tag: a string, a <see cref="long"/>, a <see cref="double"/> or a <see cref="bool"/>.</summary>
    public static object ToTag(object value) => value switch
    {
        string or long or double or bool => value,
        int v => (long)v,
        float v => (double)v,
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty,
    };
}
