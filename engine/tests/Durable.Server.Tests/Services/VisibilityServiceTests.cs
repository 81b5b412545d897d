using Durable.Protocol;
using Durable.Server.Tests.Engine;
using Durable.Server.Tests.Executions;
using Google.Protobuf;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Services;

public class VisibilityServiceTests
{
    [Fact]
    public async Task List_TellsSizesOfClosedRunsOnly_AndMicroseconds()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("closed");
        await server.CompleteAsync((await server.PollAsync())!, WorkerCommands.Complete());
        await server.StartAsync("open");
        var listed = (await ListAsync(server)).Executions;
        listed.Select(static info => info.Execution.WorkflowId).ShouldBe(["open", "closed"]);
        (listed[0].HistoryLength, listed[0].HistorySizeBytes, listed[0].StateTransitionCount, listed[0].ExecutionDuration).ShouldBe((0L, 0L, 0L, null));
        var closed = listed[1];
        closed.HistoryLength.ShouldBe(5);
        closed.HistorySizeBytes.ShouldBeGreaterThan(0);
        closed.StateTransitionCount.ShouldBe(3);
        closed.ExecutionDuration.ShouldNotBeNull();
        closed.FirstRunId.ShouldBe("");
        closed.RootExecution.RunId.ShouldBe(closed.Execution.RunId);
        (closed.StartTime.Nanos % 1000, closed.CloseTime.Nanos % 1000).ShouldBe((0, 0));
    }

    [Fact]
    public async Task List_Paged_HasATokenAfterAFullPage_EvenAtTheEnd()
    {
        await using var server = await TestServer.StartAsync();
        for (var i = 0; i < 4; i++)
        {
            await server.StartAsync($"w{i}");
        }
        var first = await ListAsync(server, 2, ByteString.Empty);
        var second = await ListAsync(server, 2, first.NextPageToken);
        first.Executions.Concat(second.Executions).Select(static info => info.Execution.WorkflowId).ShouldBe(["w3", "w2", "w1", "w0"]);
        second.NextPageToken.IsEmpty.ShouldBeFalse();
        var third = await ListAsync(server, 2, second.NextPageToken);
        third.Executions.ShouldBeEmpty();
        third.NextPageToken.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task Count_ByStatus_NamesThemAsKeywords()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartAsync("closed");
        await server.CompleteAsync((await server.PollAsync())!, WorkerCommands.Complete());
        await server.StartAsync("open");
        await server.StartAsync("open too");
        (await CountAsync(server, "ExecutionStatus = 'Running'")).Count.ShouldBe(2);
        var grouped = await CountAsync(server, "GROUP BY ExecutionStatus");
        grouped.Count.ShouldBe(3);
        grouped.Groups.ToDictionary(static group => group.GroupValues[0].Data.ToStringUtf8(), static group => group.Count)
            .ShouldBe(new Dictionary<string, long> { ["\"Running\""] = 2, ["\"Completed\""] = 1 }, ignoreOrder: true);
        grouped.Groups[0].GroupValues[0].Metadata["type"].ToStringUtf8().ShouldBe("Keyword");
    }

    [Fact]
    public async Task SearchAttributes_AreMergedByUpserts_TakenAwayByNull_AndFound()
    {
        await using var server = await TestServer.StartAsync();
        await server.CallAsync(OperatorServiceMethods.AddSearchAttributes, new Temporalio.Api.OperatorService.V1.AddSearchAttributesRequest
        {
            Namespace = TestServer.Namespace, SearchAttributes = { ["Word"] = IndexedValueType.Keyword, ["Number"] = IndexedValueType.Int },
        });
        await server.StartAsync("w", configure: static request => request.SearchAttributes = new() { IndexedFields = { ["Word"] = Json("\"old\"") } });
        await server.CompleteAsync((await server.PollAsync())!, Upsert(("Word", "[\"new\"]"), ("Number", "7")));
        (await ListAsync(server, query: "Word = 'new' AND Number > 6")).Executions.ShouldHaveSingleItem().SearchAttributes.IndexedFields["Word"].Data.ToStringUtf8().ShouldBe("\"new\"");
        (await ListAsync(server, query: "Word = 'old'")).Executions.ShouldBeEmpty();
        var upserted = (await server.HistoryAsync("w"))[^1].UpsertWorkflowSearchAttributesEventAttributes.SearchAttributes.IndexedFields["Word"];
        upserted.Data.ToStringUtf8().ShouldBe("[\"new\"]");

        await server.SignalAsync("w", "signal");
        await server.CompleteAsync((await server.PollAsync())!, Upsert(("Word", "null"), ("Number", "[]")));
        (await ListAsync(server, query: "Word IS NULL AND Number IS NULL")).Executions.Count.ShouldBe(1);
    }

    private static Temporalio.Api.Common.V1.Payload Json(string json) => new() { Metadata = { ["encoding"] = ByteString.CopyFromUtf8("json/plain") }, Data = ByteString.CopyFromUtf8(json) };

    private static Temporalio.Api.Command.V1.Command Upsert(params (string Name, string Json)[] fields)
    {
        var attributes = new Temporalio.Api.Common.V1.SearchAttributes();
        foreach (var (name, json) in fields)
        {
            attributes.IndexedFields[name] = Json(json);
        }
        return new() { CommandType = CommandType.UpsertWorkflowSearchAttributes, UpsertWorkflowSearchAttributesCommandAttributes = new() { SearchAttributes = attributes } };
    }

    private static Task<ListWorkflowExecutionsResponse> ListAsync(TestServer server, int pageSize = 0, ByteString? token = null, string query = "") => server.CallAsync(
        WorkflowServiceMethods.ListWorkflowExecutions,
        new ListWorkflowExecutionsRequest { Namespace = TestServer.Namespace, PageSize = pageSize, NextPageToken = token ?? ByteString.Empty, Query = query });

    private static Task<CountWorkflowExecutionsResponse> CountAsync(TestServer server, string query) =>
        server.CallAsync(WorkflowServiceMethods.CountWorkflowExecutions, new CountWorkflowExecutionsRequest { Namespace = TestServer.Namespace, Query = query });
}
