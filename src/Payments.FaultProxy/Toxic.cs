using System.Text.Json.Nodes;

namespace Payments.FaultProxy;

/// <summary>One disturbance of one direction. Immutable: a change is another toxic under the same name.</summary>
/// <param name="Stream"><see cref="Upstream"/> is client to server.</param>
/// <param name="Toxicity">Probability, 0 to 1, that a connection has it.</param>
public sealed record Toxic(string Name, string Type, string Stream, double Toxicity, JsonObject Attributes)
{
    public const string Upstream = "upstream";
    public const string Downstream = "downstream";

    /// <summary>The attributes of each type: whole numbers, 0 unless given; what else is sent is not kept.</summary>
    private static readonly IReadOnlyDictionary<string, string[]> AttributesByType = new Dictionary<string, string[]>
    {
        ["bandwidth"] = ["rate"],
        ["latency"] = ["latency", "jitter"],
        ["limit_data"] = ["bytes"],
        ["reset_peer"] = ["timeout"],
        ["slicer"] = ["average_size", "size_variation", "delay"],
        ["slow_close"] = ["delay"],
        ["timeout"] = ["timeout"],
    };

    public static bool IsType(string? type) => type is not null && AttributesByType.ContainsKey(type);

    /// <summary>All attributes of the type, as Toxiproxy shows them.</summary>
    /// <exception cref="FormatException">One is not a whole number.</exception>
    public static JsonObject Complete(string type, JsonObject given)
    {
        ArgumentNullException.ThrowIfNull(given);
        var complete = new JsonObject();
        foreach (var name in AttributesByType[type])
        {
            complete[name] = given[name] switch
            {
                null => 0,
                JsonValue value when value.TryGetValue(out long number) => number,
                var other => throw new FormatException($"attribute {name} is a whole number, not {other.ToJsonString()}"),
            };
        }
        return complete;
    }

    public long Number(string attribute) => Attributes[attribute]!.GetValue<long>();
}
