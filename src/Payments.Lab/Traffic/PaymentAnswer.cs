using System.Text.Json.Nodes;

namespace Payments.Lab.Traffic;

/// <summary>What the service said.</summary>
public sealed record PaymentAnswer(int Status, string Body, bool Replayed)
{
    public bool Paid => Status is 200 or 201;

    /// <summary>A member of the body; null when it is absent or the body is no JSON object.</summary>
    public JsonNode? this[string member] => Body.StartsWith('{') ? JsonNode.Parse(Body)![member] : null;
}
