namespace Temporalio.Worker.Internal.Language;

/// <summary>Default names of handlers and activities.</summary>
internal static class HandlerNames
{
    /// <summary>Names that start with this belong to the SDK.</summary>
    public const string ReservedPrefix = "__temporal_";

    public static string WithoutAsync(string name) =>
        name.Length > 5 && name.EndsWith("Async", StringComparison.Ordinal) ? name[..^5] : name;
}
