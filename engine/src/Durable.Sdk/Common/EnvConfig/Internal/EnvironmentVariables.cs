using System.Collections;

namespace Temporalio.Common.EnvConfig.Internal;

/// <summary>The process's variables, or those given instead.</summary>
internal sealed class EnvironmentVariables(IReadOnlyDictionary<string, string>? given)
{
    public static EnvironmentVariables None { get; } = new(new Dictionary<string, string>());

    /// <returns>Null for one that is not set or empty: shells cannot always unset a variable.</returns>
    public string? Get(string name) =>
        (given is null ? Environment.GetEnvironmentVariable(name) : given.GetValueOrDefault(name)) is { Length: > 0 } value ? value : null;

    public IEnumerable<KeyValuePair<string, string>> StartingWith(string prefix) =>
        (given ?? Process()).Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal));

    private static IEnumerable<KeyValuePair<string, string>> Process() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(static entry => KeyValuePair.Create((string)entry.Key, (string)entry.Value!));
}
