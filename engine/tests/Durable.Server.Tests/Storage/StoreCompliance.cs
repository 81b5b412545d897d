using Durable.Server.Storage;
using Durable.Server.Visibility;
using Google.Protobuf;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;

namespace Durable.Server.Tests.Storage;

/// <summary>What every store does; each implementation inherits it.</summary>
public abstract class StoreCompliance : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private IServerStore store = null!;

    protected abstract IServerStore Open();

    public ValueTask InitializeAsync()
    {
        store = Open();
        return ValueTask.CompletedTask;
    }

    public virtual async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task FindRun_AfterTwoCommits_GivesTheLastState()
    {
        await CommitAsync(Write("w", "r1", [1]));
        await CommitAsync(Write("w", "r1", [2, 3]));
        (await store.FindRunAsync(Key("w", "r1")))!.State.ShouldBe([2, 3]);
        (await store.FindRunAsync(Key("w", "r2"))).ShouldBeNull();
        (await store.FindRunAsync(Key("v", "r1"))).ShouldBeNull();
    }

    [Fact]
    public async Task FindCurrentRun_FollowsThePointer_AndGoesWithItsRun()
    {
        await CommitAsync(Write("w", "r1", [1], current: Current("r1")));
        await CommitAsync(Write("w", "r2", [1], current: Current("r2")), Write("w", "r1", [2]));
        (await store.FindCurrentRunAsync("ns", "w")).ShouldBe(Current("r2"));
        await DeleteAsync(Key("w", "r1"));
        (await store.FindCurrentRunAsync("ns", "w")).ShouldBe(Current("r2"));
        await DeleteAsync(Key("w", "r2"));
        (await store.FindCurrentRunAsync("ns", "w")).ShouldBeNull();
        (await store.FindRunAsync(Key("w", "r2"))).ShouldBeNull();
    }

    [Fact]
    public async Task ReadHistory_FromAnEvent_BeginsWithTheBatchThatHoldsIt()
    {
        await CommitAsync(Write("w", "r", [1], batches: [Batch(1, 2)]));
        await CommitAsync(Write("w", "r", [1], batches: [Batch(3, 3), Batch(4, 9)]));
        Ranges(await store.ReadHistoryAsync(Key("w", "r"), 1, 10)).ShouldBe([(1, 2), (3, 3), (4, 9)]);
        Ranges(await store.ReadHistoryAsync(Key("w", "r"), 5, 10)).ShouldBe([(4, 9)]);
        Ranges(await store.ReadHistoryAsync(Key("w", "r"), 2, 2)).ShouldBe([(1, 2), (3, 3)]);
        Ranges(await store.ReadHistoryAsync(Key("w", "r"), 10, 10)).ShouldBeEmpty();
        Ranges(await store.ReadHistoryReverseAsync(Key("w", "r"), 4, 10)).ShouldBe([(3, 3), (1, 2)]);
        (await store.ReadHistoryAsync(Key("w", "r"), 3, 1))[0].Events.ShouldBe(Batch(3, 3).Events);
    }

    [Fact]
    public async Task ReadReadyRuns_Paged_GivesEachReadyRunOnce()
    {
        await CommitAsync([.. Enumerable.Range(0, 7).Select(i => Write($"w{i}", "r", [1], ready: i % 2 == 0))]);
        await CommitAsync(Write("w2", "r", [1], ready: false));
        var found = new List<string>();
        RunKey? after = null;
        while (await store.ReadReadyRunsAsync(after, 2) is { Count: > 0 } page)
        {
            found.AddRange(page.Select(key => key.WorkflowId));
            after = page[^1];
        }
        found.ShouldBe(["w0", "w4", "w6"]);
    }

    [Fact]
    public async Task ReadDueRuns_BeforeATime_EarliestFirst()
    {
        await CommitAsync(Write("a", "r", [1], timer: Noon.AddSeconds(3)), Write("b", "r", [1], timer: Noon), Write("c", "r", [1]), Write("d", "r", [1], timer: Noon.AddSeconds(5)));
        (await store.ReadDueRunsAsync(Noon.AddSeconds(5), 10)).ShouldBe([new DueRun(Key("b", "r"), Noon), new DueRun(Key("a", "r"), Noon.AddSeconds(3))]);
        await CommitAsync(Write("b", "r", [1]));
        (await store.ReadDueRunsAsync(Noon.AddHours(1), 1)).ShouldBe([new DueRun(Key("a", "r"), Noon.AddSeconds(3))]);
    }

    [Fact]
    public async Task DueDocuments_OfOneKind_EarliestFirst_UntilPutAgainWithoutATime()
    {
        var at = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var put = new StoreTransaction();
        put.Documents.Add(new(new DocumentKey("kind", "ns", "late"), [1], at.AddHours(2)));
        put.Documents.Add(new(new DocumentKey("kind", "other-ns", "soon"), [2], at.AddHours(1)));
        put.Documents.Add(new(new DocumentKey("kind", "ns", "never"), [3]));
        put.Documents.Add(new(new DocumentKey("other", "ns", "elsewhere"), [4], at));
        await store.CommitAsync(put);
        (await store.ReadDueDocumentsAsync("kind", at.AddHours(2), 10)).ShouldBe([new DueDocument(new DocumentKey("kind", "other-ns", "soon"), at.AddHours(1))]);
        (await store.ReadDueDocumentsAsync("kind", at.AddHours(3), 10)).Select(due => due.Key.Id).ShouldBe(["soon", "late"]);
        (await store.ReadDueDocumentsAsync("kind", at.AddHours(3), 1)).Count.ShouldBe(1);
        var rest = new StoreTransaction();
        rest.Documents.Add(new(new DocumentKey("kind", "other-ns", "soon"), [5]));
        rest.Documents.Add(new(new DocumentKey("kind", "ns", "late"), null));
        await store.CommitAsync(rest);
        (await store.ReadDueDocumentsAsync("kind", at.AddHours(3), 10)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Documents_PutReadDelete_InIdOrder()
    {
        var put = new StoreTransaction();
        foreach (var id in new[] { "b", "a", "c" })
        {
            put.Documents.Add(new(new DocumentKey("kind", "ns", id), [(byte)id[0]]));
        }
        put.Documents.Add(new(new DocumentKey("other", "ns", "z"), []));
        await store.CommitAsync(put);
        (await store.ReadDocumentsAsync("kind", "ns", null, 10)).Select(document => document.Key.Id).ShouldBe(["a", "b", "c"]);
        (await store.ReadDocumentsAsync("kind", "ns", "a", 1)).Select(document => document.Key.Id).ShouldBe(["b"]);
        (await store.FindDocumentAsync(new DocumentKey("other", "ns", "z")))!.ShouldBeEmpty();
        var delete = new StoreTransaction();
        delete.Documents.Add(new(new DocumentKey("kind", "ns", "a"), null));
        await store.CommitAsync(delete);
        (await store.FindDocumentAsync(new DocumentKey("kind", "ns", "a"))).ShouldBeNull();
    }

    [Fact]
    public async Task ReadExpiredRuns_ClosedBefore_EarliestFirst()
    {
        await CommitAsync(Write("open", "r", [1], row: Row("open", "r")),
            Write("late", "r", [1], row: Row("late", "r", close: Noon.AddHours(3))),
            Write("second", "r", [1], row: Row("second", "r", close: Noon.AddHours(2))),
            Write("first", "r", [1], row: Row("first", "r", close: Noon.AddHours(1))));
        (await store.ReadExpiredRunsAsync("ns", Noon.AddHours(3), 10)).Select(key => key.WorkflowId).ShouldBe(["first", "second"]);
        await DeleteAsync(Key("first", "r"));
        (await store.ReadExpiredRunsAsync("ns", Noon.AddHours(3), 10)).Select(key => key.WorkflowId).ShouldBe(["second"]);
        (await ListAsync(null)).ShouldNotContain("first");
    }

    [Fact]
    public async Task List_Paged_OpenFirstThenLatestCloseAndATokenAfterAFullPage()
    {
        await CommitAsync([.. Enumerable.Range(0, 4).Select(i => Write($"open{i}", $"r{i}", [1], row: Row($"open{i}", $"r{i}", start: Noon.AddSeconds(i))))]);
        await CommitAsync([.. Enumerable.Range(0, 2).Select(i => Write($"closed{i}", $"s{i}", [1], row: Row($"closed{i}", $"s{i}", close: Noon.AddHours(i + 1))))]);
        var found = new List<string>();
        byte[]? token = null;
        var pages = 0;
        do
        {
            var page = await store.ListAsync(new VisibilityRequest("ns", null, 3, token));
            found.AddRange(page.Rows.Select(row => row.Key.WorkflowId));
            token = page.NextPageToken;
            pages++;
        }
        while (token is not null);
        found.ShouldBe(["open3", "open2", "open1", "open0", "closed1", "closed0"]);
        // Two full pages, and the empty one that the second token leads to.
        pages.ShouldBe(3);
        await Should.ThrowAsync<FormatException>(async () => await store.ListAsync(new VisibilityRequest("ns", null, 3, [1, 2])));
    }

    [Fact]
    public async Task List_RowRead_EqualsTheRowWritten()
    {
        var row = Row("w", "r", close: Noon.AddTicks(7)) with
        {
            HistoryLength = 3, HistorySizeBytes = 400, StateTransitionCount = 5, ParentWorkflowId = "p", ParentRunId = "pr", RootWorkflowId = "root", RootRunId = "rr",
            Memo = new Memo { Fields = { ["note"] = Json("\"x\"", "") } }, SearchAttributes = new SearchAttributes { IndexedFields = { ["City"] = Json("\"Ulm\"", "Keyword") } },
        };
        await CommitAsync(Write("w", "r", [1], row: row));
        (await store.ListAsync(new VisibilityRequest("ns", null, 10))).Rows.ShouldBe([row]);
    }

    [Theory]
    [InlineData("WorkflowId = 'a'", "a")]
    [InlineData("WorkflowType = 'T2'", "b c")]
    [InlineData("WorkflowType != 'T2'", "a d")]
    [InlineData("ExecutionStatus = 'Running' AND WorkflowType = 'T2'", "c")]
    [InlineData("ExecutionStatus = 'Completed' OR WorkflowId = 'c'", "a b c")]
    [InlineData("NOT (WorkflowType = 'T2' OR WorkflowId = 'a')", "d")]
    [InlineData("WorkflowId IN ('a', 'd', 'zz')", "a d")]
    [InlineData("WorkflowId NOT IN ('a', 'd')", "b c")]
    [InlineData("WorkflowType STARTS_WITH 'T'", "a b c d")]
    [InlineData("WorkflowType NOT STARTS_WITH 'T2'", "a d")]
    [InlineData("StartTime >= '2026-03-01T12:00:02Z'", "c d")]
    [InlineData("StartTime BETWEEN '2026-03-01T12:00:01Z' AND '2026-03-01T12:00:02Z'", "b c")]
    [InlineData("CloseTime IS NULL", "c d")]
    [InlineData("CloseTime IS NOT NULL", "a b")]
    [InlineData("CloseTime > '2026-03-01T12:30:00Z'", "a b")]
    [InlineData("NOT CloseTime > '2026-03-01T12:30:00Z'", "")]
    [InlineData("HistoryLength > 10", "b")]
    [InlineData("City = 'Ulm'", "a b")]
    [InlineData("City != 'Ulm'", "c")]
    [InlineData("NOT City = 'Ulm'", "c")]
    [InlineData("NOT (City = 'Ulm' OR WorkflowType = 'T1')", "c")]
    [InlineData("City IS NULL", "d")]
    [InlineData("City IS NOT NULL", "a b c")]
    [InlineData("City STARTS_WITH 'B'", "c")]
    [InlineData("Tags = 'red'", "a")]
    [InlineData("Tags IN ('blue', 'green')", "a b")]
    [InlineData("Tags != 'red'", "b")]
    [InlineData("Amount >= 2", "b c")]
    [InlineData("Amount BETWEEN 1 AND 2", "a b")]
    [InlineData("Rate < 0.75", "a")]
    [InlineData("Paid = true", "a")]
    [InlineData("Paid = false", "b")]
    [InlineData("Due < '2026-06-01T00:00:00Z'", "a")]
    [InlineData("Due > '2026-06-01T00:00:00+02:00' AND City = 'Ulm'", "b")]
    public async Task List_Filtered_GivesTheRowsThatMatch(string query, string expected)
    {
        await CommitAsync(
            Write("a", "ra", [1], row: Row("a", "ra", "T1", Noon, Noon.AddHours(1), WorkflowExecutionStatus.Completed) with
            {
                HistoryLength = 5,
                SearchAttributes = Attributes(("City", "Keyword", "\"Ulm\""), ("Tags", "KeywordList", "[\"red\",\"blue\"]"), ("Amount", "Int", "1"), ("Rate", "Double", "0.5"), ("Paid", "Bool", "true"), ("Due", "Datetime", "\"2026-05-01T00:00:00Z\"")),
            }),
            Write("b", "rb", [1], row: Row("b", "rb", "T2", Noon.AddSeconds(1), Noon.AddHours(2), WorkflowExecutionStatus.Completed) with
            {
                HistoryLength = 50,
                SearchAttributes = Attributes(("City", "Keyword", "\"Ulm\""), ("Tags", "KeywordList", "[\"green\"]"), ("Amount", "Int", "2"), ("Rate", "Double", "0.75"), ("Paid", "Bool", "false"), ("Due", "Datetime", "\"2026-07-01T00:00:00Z\"")),
            }),
            Write("c", "rc", [1], row: Row("c", "rc", "T2", Noon.AddSeconds(2)) with { SearchAttributes = Attributes(("City", "Keyword", "\"Bonn\""), ("Amount", "Int", "3")) }),
            Write("d", "rd", [1], row: Row("d", "rd", "T1", Noon.AddSeconds(3))));
        (await ListAsync(query)).Order().ShouldBe(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var (filter, _) = Parse(query);
        (await store.CountAsync(new VisibilityRequest("ns", filter))).Single().Count.ShouldBe(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Count_GroupedByStatus_CountsEach()
    {
        await CommitAsync(Write("a", "1", [1], row: Row("a", "1")), Write("b", "2", [1], row: Row("b", "2")),
            Write("c", "3", [1], row: Row("c", "3", close: Noon.AddHours(1), status: WorkflowExecutionStatus.Failed)));
        (await store.CountAsync(new VisibilityRequest("ns", null, GroupByStatus: true))).ShouldBe(
            [new VisibilityCount(WorkflowExecutionStatus.Running, 2), new VisibilityCount(WorkflowExecutionStatus.Failed, 1)], ignoreOrder: true);
    }

    [Fact]
    public async Task List_AfterTheRunClosed_ShowsOneRowWithItsNewAttributes()
    {
        await CommitAsync(Write("w", "r", [1], row: Row("w", "r") with { SearchAttributes = Attributes(("City", "Keyword", "\"Ulm\"")) }));
        await CommitAsync(Write("w", "r", [1], row: Row("w", "r", close: Noon.AddHours(1), status: WorkflowExecutionStatus.Completed) with { SearchAttributes = Attributes(("City", "Keyword", "\"Bonn\"")) }));
        (await ListAsync("City = 'Ulm'")).ShouldBeEmpty();
        (await ListAsync("City = 'Bonn' AND ExecutionStatus = 'Completed'")).ShouldBe(["w"]);
    }

    [Fact]
    public async Task Commit_FromManyThreads_KeepsAll()
    {
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => CommitAsync(Write($"w{i}", "r", [(byte)i], batches: [Batch(1, 2)], row: Row($"w{i}", "r"))))));
        (await store.CountAsync(new VisibilityRequest("ns", null))).Single().Count.ShouldBe(200);
        (await store.FindRunAsync(Key("w77", "r")))!.State.ShouldBe([77]);
    }

    protected static RunKey Key(string workflowId, string runId) => new("ns", workflowId, runId);

    protected static CurrentRun Current(string runId) => new(runId, "first", "request", WorkflowExecutionStatus.Running, Noon);

    protected static HistoryBatch Batch(long first, long last) => new(first, last, [(byte)first, (byte)last]);

    protected static RunWrite Write(
        string workflowId, string runId, byte[] state, HistoryBatch[]? batches = null, CurrentRun? current = null, DateTimeOffset? timer = null, bool ready = false, VisibilityRow? row = null) =>
        new() { Key = Key(workflowId, runId), State = state, NewBatches = batches ?? [], Current = current, NextTimerAt = timer, HasReadyWork = ready, Visibility = row };

    protected static VisibilityRow Row(
        string workflowId, string runId, string type = "T", DateTimeOffset? start = null, DateTimeOffset? close = null, WorkflowExecutionStatus status = WorkflowExecutionStatus.Running) => new()
        {
            Key = Key(workflowId, runId),
            WorkflowType = type,
            TaskQueue = "q",
            Status = status,
            StartTime = start ?? Noon,
            ExecutionTime = start ?? Noon,
            CloseTime = close,
        };

    protected static Task CommitAsync(IServerStore store, params RunWrite[] writes)
    {
        var transaction = new StoreTransaction();
        transaction.Runs.AddRange(writes);
        return store.CommitAsync(transaction);
    }

    private static IEnumerable<(long First, long Last)> Ranges(IEnumerable<HistoryBatch> batches) => batches.Select(batch => (batch.FirstEventId, batch.LastEventId));

    private static Payload Json(string text, string type) => new()
    {
        Metadata = { ["encoding"] = ByteString.CopyFromUtf8("json/plain"), ["type"] = ByteString.CopyFromUtf8(type) },
        Data = ByteString.CopyFromUtf8(text),
    };

    private static SearchAttributes Attributes(params (string Name, string Type, string Json)[] attributes)
    {
        var made = new SearchAttributes();
        foreach (var (name, type, json) in attributes)
        {
            made.IndexedFields[name] = Json(json, type);
        }
        return made;
    }

    private static (VisibilityExpression? Filter, bool GroupByStatus) Parse(string query) => VisibilityParser.Parse(
        query,
        static name => name switch
        {
            "City" or "WorkflowId" or "WorkflowType" or "ExecutionStatus" => IndexedValueType.Keyword,
            "Tags" => IndexedValueType.KeywordList,
            "Amount" or "HistoryLength" => IndexedValueType.Int,
            "Rate" => IndexedValueType.Double,
            "Paid" => IndexedValueType.Bool,
            "Due" or "StartTime" or "CloseTime" => IndexedValueType.Datetime,
            _ => null,
        },
        count: false);

    private async Task<IReadOnlyList<string>> ListAsync(string? query) =>
        [.. (await store.ListAsync(new VisibilityRequest("ns", query is null ? null : Parse(query).Filter, 100))).Rows.Select(row => row.Key.WorkflowId)];

    private Task CommitAsync(params RunWrite[] writes) => CommitAsync(store, writes);

    private Task DeleteAsync(RunKey key)
    {
        var transaction = new StoreTransaction();
        transaction.DeletedRuns.Add(key);
        return store.CommitAsync(transaction);
    }
}
