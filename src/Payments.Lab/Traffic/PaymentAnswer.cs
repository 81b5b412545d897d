using System.Text.Json.Nodes;

namespace Payments.Lab.Traffic;

/// <summary>What the service said.</summary>
/// <param name="Retry">The same request with the same key may get another answer later (<c>Should-Retry</c>).</param>
public sealed record PaymentAnswer(int Status, string Body, bool Replayed, bool Retry)
{
    public bool Paid => Status is 200 or 201;

    /// <summary>A member of the body; null when it is absent or the body is no JSON object.</summary>
    public JsonNode? this[string member] => Body.StartsWith('{') ? JsonNode.Parse(Body)![member] : null;
}
