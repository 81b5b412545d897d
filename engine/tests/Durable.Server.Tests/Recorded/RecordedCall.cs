using System.Text.Json;
using Google.Protobuf;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Recorded;

/// <summary>Calls of the WorkflowService as Data/answers keeps them: the name of the call and its messages as JSON.</summary>
internal static class RecordedCall
{
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    public static JsonElement[] Load(string file)
    {
        using var document = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(Repository.Root, "engine", "tests", "Durable.Server.Tests", "Recorded", "Data", "answers", file)));
        return [.. document.RootElement.EnumerateArray().Select(static row => row.Clone())];
    }

    public static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    /// <param name="kind"><c>Request</c> or <c>Response</c>.</param>
    public static IMessage Message(JsonElement call, string member, string kind)
    {
        var type = typeof(StartWorkflowExecutionRequest).Assembly.GetType($"Temporalio.Api.WorkflowService.V1.{Text(call, "call")}{kind}", throwOnError: true)!;
        var message = (IMessage)Activator.CreateInstance(type)!;
        return Parser.Parse(call.GetProperty(member).GetRawText(), message.Descriptor);
    }
}
