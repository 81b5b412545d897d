using Durable.Server.Executions;
using Temporalio.Api.Enums.V1;

namespace Temporalio.Testing.Internal;

/// <summary>What of a server's command line changes one that is in this process. Ports, web pages and logs it has none of; their flags are read over.</summary>
internal sealed record ServerArguments
{
    public IReadOnlyList<string> Namespaces { get; private init; } = [];

    public IReadOnlyList<KeyValuePair<string, IndexedValueType>> SearchAttributes { get; private init; } = [];

    public ExecutionLimits Limits { get; private init; } = new();

    public string? DatabaseFilename { get; private init; }

    /// <exception cref="ArgumentException">A value is not what its flag needs.</exception>
    public static ServerArguments Parse(IEnumerable<string>? arguments)
    {
        var parsed = new ServerArguments();
        var left = new Queue<string>(arguments ?? []);
        while (left.TryDequeue(out var argument))
        {
            var at = argument.IndexOf('=', StringComparison.Ordinal);
            var (flag, value) = at < 0 ? (argument, null) : (argument[..at], argument[(at + 1)..]);
            // A switch is followed by the next flag.
            if (value is null && left.TryPeek(out var next) && !next.StartsWith('-'))
            {
                value = left.Dequeue();
            }
            parsed = value is null ? parsed : parsed.With(flag, value);
        }
        return parsed;
    }

    private ServerArguments With(string flag, string value) => flag switch
    {
        "--namespace" or "-n" => this with { Namespaces = [.. Namespaces, value] },
        "--search-attribute" => this with { SearchAttributes = [.. SearchAttributes, Attribute(value)] },
        "--dynamic-config-value" => this with { Limits = DynamicConfig.Apply(Limits, flag, value) },
        "--db-filename" or "-f" => this with { DatabaseFilename = value },
        _ => this,
    };

    private static KeyValuePair<string, IndexedValueType> Attribute(string text) =>
        text.Split('=') is [var name, var type] && Enum.TryParse<IndexedValueType>(type, ignoreCase: true, out var parsed)
            ? new(name, parsed)
            : throw new ArgumentException($"invalid argument \"{text}\" for \"--search-attribute\" flag: must be NAME=TYPE", nameof(text));
}
