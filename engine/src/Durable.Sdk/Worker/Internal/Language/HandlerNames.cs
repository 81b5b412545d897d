namespace Temporalio.Worker.Internal.Language;

/// <summary>Default names of handlers and activities.</summary>
internal static class HandlerNames
{
    /// <summary>Names that start with this belong to the SDK.</summary>
    public const string ReservedPrefix = "__temporal_";

    public static string WithoutAsync(string name) =>
        name.Length > 5 && name.EndsWith("Async", StringComparison.Ordinal) ? name[..^5] : name;

    /// <summary>The name in the source of a local function, which the compiler calls <c>&lt;Parent&gt;g__Name|0_0</c>; null for anything else.</summary>
    public static string? OfLocalFunction(string name)
    {
        const string Mark = ">g__";
        var start = name.IndexOf(Mark, StringComparison.Ordinal);
        if (start <= 0)
        {
            return null;
        }
        start += Mark.Length;
        var end = name.IndexOf('|', start);
        return end < 0 ? null : name[start..end];
    }
}
