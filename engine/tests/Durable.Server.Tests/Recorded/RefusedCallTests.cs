using System.Text.Json;
using System.Text.RegularExpressions;
using Durable.Protocol;
using Google.Protobuf;
using Temporalio.Api.Common.V1;
using Temporalio.Api.TaskQueue.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Recorded;

/// <summary>Calls that the genuine server refused: the same code, the same words, the same kinds of details.</summary>
public partial class RefusedCallTests
{
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));
    private static readonly JsonElement[] Rows = Load();

    public static TheoryData<int, string> Calls =>
        new(Rows.Select(static (row, index) => new TheoryDataRow<int, string>(index, $"{Text(row, "call")}: {Text(row, "message")}")));

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_IsRefusedAsTheGenuineServerDoes(int index, string call)
    {
        call.ShouldNotBeEmpty();
        var row = Rows[index];
        await using var server = await ServerUnderTest.StartAsync();
        var request = Request(row);
        await GivenAsync(server, row);
        var fault = await Should.ThrowAsync<RpcFaultException>(() => server.CallAsync(Text(row, "call"), request));
        Code(fault.Code).ShouldBe(Text(row, "status"));
        Uuid().Replace(fault.Message, "<id>").ShouldBe(Uuid().Replace(Text(row, "message"), "<id>"));
        fault.Details.Select(static detail => detail.TypeUrl["type.googleapis.com/".Length..])
            .ShouldBe(row.GetProperty("details").EnumerateArray().Select(static detail => detail.GetString()!));
    }

    private static async Task GivenAsync(ServerUnderTest server, JsonElement row)
    {
        var given = Text(row, "given");
        if (given == "nothing")
        {
            return;
        }
        var workflowId = WorkflowIdOf(row.GetProperty("request"));
        await server.CallAsync(WorkflowServiceMethods.StartWorkflowExecution, new StartWorkflowExecutionRequest
        {
            Namespace = "default",
            WorkflowId = workflowId,
            WorkflowType = new WorkflowType { Name = "type" },
            TaskQueue = new TaskQueue { Name = "queue" },
            RequestId = "another request",
        });
        if (given == "closed")
        {
            await server.CallAsync(
                WorkflowServiceMethods.TerminateWorkflowExecution, new TerminateWorkflowExecutionRequest { Namespace = "default", WorkflowExecution = new() { WorkflowId = workflowId } });
        }
    }

    private static string WorkflowIdOf(JsonElement request)
    {
        foreach (var name in new[] { "workflowExecution", "execution", "updateRef", "operations", "startWorkflow" })
        {
            if (request.TryGetProperty(name, out var inner))
            {
                return WorkflowIdOf(inner.ValueKind == JsonValueKind.Array ? inner[0] : inner);
            }
        }
        return Text(request, "workflowId");
    }

    private static IMessage Request(JsonElement row)
    {
        var type = typeof(StartWorkflowExecutionRequest).Assembly.GetType($"Temporalio.Api.WorkflowService.V1.{Text(row, "call")}Request", throwOnError: true)!;
        var request = (IMessage)Activator.CreateInstance(type)!;
        return Parser.Parse(row.GetProperty("request").GetRawText(), request.Descriptor);
    }

    // INVALID_ARGUMENT for InvalidArgument.
    private static string Code(RpcStatusCode code) => WordStart().Replace(code.ToString(), "_$0").ToUpperInvariant();

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static JsonElement[] Load()
    {
        using var document = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(Repository.Root, "engine", "tests", "Durable.Server.Tests", "Recorded", "Data", "answers", "refused.json")));
        return [.. document.RootElement.EnumerateArray().Select(static row => row.Clone())];
    }

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex WordStart();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Uuid();
}
