using System.Collections;

namespace Temporalio.Common.EnvConfig.Internal;

/// <summary>The process's variables, or those given instead.</summary>
/// <param name="given">Null or empty: the process's.</param>
internal sealed class EnvironmentVariables(IReadOnlyDictionary<string, string>? given)
{
    private readonly IReadOnlyDictionary<string, string>? given = given is { Count: > 0 } ? given : null;

    /// <returns>Null for one that is not set. One that is set and empty is empty: it replaces what the file says.</returns>
    public string? Get(string name) => given is null ? Environment.GetEnvironmentVariable(name) : given.GetValueOrDefault(name);

    /// <returns>Null for one that is not set or empty.</returns>
    public string? NotEmpty(string name) => Get(name) is { Length: > 0 } value ? value : null;

    public IEnumerable<KeyValuePair<string, string>> StartingWith(string prefix) =>
        (given ?? Process()).Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal));

    private static IEnumerable<KeyValuePair<string, string>> Process() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(static entry => KeyValuePair.Create((string)entry.Key, (string)entry.Value!));
}
