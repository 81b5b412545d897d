using Durable.Protocol;
using Durable.Server.Sqlite;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Engine;

// Aim: on a full disk calls fail and nothing is half there; when there is room again, the server goes on. SQLite is given a largest file size,
// which fails as a full disk does.
public sealed class FullDiskTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("durable-full-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task FileIsFull_CallsFail_AcknowledgedOnesAreThere_AndDeletingMakesRoom()
    {
        var file = Path.Combine(folder.FullName, "server.db");
        var started = new List<string>();
        await using (var server = await TestServer.StartAsync(SqliteStore.Open(file, new Dictionary<string, string> { ["max_page_count"] = "400" })))
        {
            // Ended while there is room: to end one is a write as well.
            await StartLargeAsync(server, "ended");
            await server.CallAsync(
                WorkflowServiceMethods.TerminateWorkflowExecution,
                new TerminateWorkflowExecutionRequest { Namespace = TestServer.Namespace, WorkflowExecution = new() { WorkflowId = "ended" } });
            var failures = 0;
            for (var i = 0; failures < 3; i++)
            {
                try
                {
                    await StartLargeAsync(server, $"w{i}");
                    started.Add($"w{i}");
                }
                catch (RpcFaultException fault) when (fault.Code == RpcStatusCode.Unavailable)
                {
                    fault.Message.ShouldContain("full");
                    failures++;
                    (await Should.ThrowAsync<RpcFaultException>(() => server.DescribeAsync($"w{i}"))).Code.ShouldBe(RpcStatusCode.NotFound);
                }
            }
            started.Count.ShouldBeInRange(5, 200);
            (await CountAsync(server)).ShouldBe(started.Count + 1);

            await server.CallAsync(
                WorkflowServiceMethods.DeleteWorkflowExecution,
                new DeleteWorkflowExecutionRequest { Namespace = TestServer.Namespace, WorkflowExecution = new() { WorkflowId = "ended" } });
            await StartLargeAsync(server, "again");
            started.Add("again");
        }

        await using var restarted = await TestServer.StartAsync(SqliteStore.Open(file));
        (await CountAsync(restarted)).ShouldBe(started.Count);
        foreach (var id in started)
        {
            (await restarted.HistoryAsync(id))[0].WorkflowExecutionStartedEventAttributes.Input.Payloads_[0].Data.Length.ShouldBe(50_000);
        }
    }

    private static Task StartLargeAsync(TestServer server, string workflowId) => server.StartAsync(workflowId, configure: static request =>
        request.Input = new() { Payloads_ = { new Temporalio.Api.Common.V1.Payload { Data = Google.Protobuf.ByteString.CopyFrom(new byte[50_000]) } } });

    private static async Task<long> CountAsync(TestServer server) => (await server.CallAsync(
        WorkflowServiceMethods.CountWorkflowExecutions, new CountWorkflowExecutionsRequest { Namespace = TestServer.Namespace })).Count;
}
