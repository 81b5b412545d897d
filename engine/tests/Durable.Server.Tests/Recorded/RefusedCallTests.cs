using System.Text.Json;
using System.Text.RegularExpressions;
using Durable.Protocol;
using Temporalio.Api.Common.V1;
using Temporalio.Api.TaskQueue.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Recorded;

/// <summary>Calls that the genuine server refused: the same code, the same words, the same kinds of details.</summary>
public partial class RefusedCallTests
{
    private static readonly JsonElement[] Rows = RecordedCall.Load("refused.json");

    public static TheoryData<int, string> Calls =>
        new(Rows.Select(static (row, index) => new TheoryDataRow<int, string>(index, $"{RecordedCall.Text(row, "call")}: {RecordedCall.Text(row, "message")}")));

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_IsRefusedAsTheGenuineServerDoes(int index, string call)
    {
        call.ShouldNotBeEmpty();
        var row = Rows[index];
        await using var server = await ServerUnderTest.StartAsync();
        var request = RecordedCall.Message(row, "request", "Request");
        await GivenAsync(server, row);
        var fault = await Should.ThrowAsync<RpcFaultException>(() => server.CallAsync(RecordedCall.Text(row, "call"), request));
        Code(fault.Code).ShouldBe(RecordedCall.Text(row, "status"));
        Uuid().Replace(fault.Message, "<id>").ShouldBe(Uuid().Replace(RecordedCall.Text(row, "message"), "<id>"));
        fault.Details.Select(static detail => detail.TypeUrl["type.googleapis.com/".Length..])
            .ShouldBe(row.GetProperty("details").EnumerateArray().Select(static detail => detail.GetString()!));
    }

    private static async Task GivenAsync(ServerUnderTest server, JsonElement row)
    {
        var given = RecordedCall.Text(row, "given");
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
        return RecordedCall.Text(request, "workflowId");
    }

    // INVALID_ARGUMENT for InvalidArgument.
    private static string Code(RpcStatusCode code) => WordStart().Replace(code.ToString(), "_$0").ToUpperInvariant();

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex WordStart();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Uuid();
}
