using System.Text.Json.Nodes;

namespace Payments.Gateway.Mock.Tests;

internal static class JsonAnswers
{
    public static async Task<JsonNode> JsonAsync(this HttpResponseMessage answer) => JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;

    public static string? Text(this JsonNode? node, string member) => node![member]?.GetValue<string>();
}
