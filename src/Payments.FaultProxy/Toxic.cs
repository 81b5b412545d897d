using System.Text.Json.Nodes;

namespace Payments.FaultProxy;

/// <summary>One disturbance of one direction. Immutable: a change is another toxic under the same name.</summary>
/// <param name="Stream"><see cref="Upstream"/> is client to server.</param>
/// <param name="Toxicity">Probability, 0 to 1, that a connection has it.</param>
public sealed record Toxic(string Name, string Type, string Stream, double Toxicity, JsonObject Attributes)
{
    public const string Upstream = "upstream";
    public const string Downstream = "downstream";

    public static readonly IReadOnlyList<string> Types = ["bandwidth", "latency", "limit_data", "reset_peer", "slow_close", "timeout"];

    /// <summary>0 when the attribute is absent, as Toxiproxy has it.</summary>
    public long Number(string attribute) =>
        Attributes.TryGetPropertyValue(attribute, out var node) && node is JsonValue value
            ? value.TryGetValue(out long whole) ? whole : value.TryGetValue(out double real) ? (long)real : 0
            : 0;
}
