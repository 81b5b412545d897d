using Durable.Protocol;
using Durable.Server.Executions;
using Durable.Server.Storage;
using Durable.Server.Visibility;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;

namespace Durable.Server.Tests.Visibility;

/// <summary>The query language of list and count: what selects a row, and what is refused.</summary>
public class VisibilityParserTests
{
    private static readonly Dictionary<string, IndexedValueType> Types = new(StringComparer.Ordinal)
    {
        ["WorkflowId"] = IndexedValueType.Keyword,
        ["RunId"] = IndexedValueType.Keyword,
        ["WorkflowType"] = IndexedValueType.Keyword,
        ["TaskQueue"] = IndexedValueType.Keyword,
        ["ExecutionStatus"] = IndexedValueType.Keyword,
        ["StartTime"] = IndexedValueType.Datetime,
        ["CloseTime"] = IndexedValueType.Datetime,
        ["ExecutionDuration"] = IndexedValueType.Int,
        ["HistoryLength"] = IndexedValueType.Int,
        ["Colour"] = IndexedValueType.Keyword,
        ["Parts"] = IndexedValueType.KeywordList,
        ["Weight"] = IndexedValueType.Double,
        ["Count"] = IndexedValueType.Int,
        ["Urgent"] = IndexedValueType.Bool,
        ["Due"] = IndexedValueType.Datetime,
    };

    // A completed workflow order/17 of type Order: 90 minutes, 11 events, blue, parts a and b, 2.5, 7, urgent; it has no Due.
    [Theory]
    [InlineData("", true)]
    [InlineData("WorkflowId = 'order/17'", true)]
    [InlineData("WorkflowId = \"order/17\"", true)]
    [InlineData("`WorkflowId` = 'order/17'", true)]
    [InlineData("WorkflowId != 'order/17'", false)]
    [InlineData("WorkflowId <> 'order/18'", true)]
    [InlineData("WorkflowId STARTS_WITH 'order/'", true)]
    [InlineData("WorkflowId starts_with 'refund/'", false)]
    [InlineData("WorkflowId NOT STARTS_WITH 'refund/'", true)]
    [InlineData("WorkflowId IN ('order/16', 'order/17')", true)]
    [InlineData("WorkflowId NOT IN ('order/16', 'order/17')", false)]
    [InlineData("ExecutionStatus = 'Completed'", true)]
    [InlineData("ExecutionStatus = 2", true)]
    [InlineData("ExecutionStatus IN ('Running', 'ContinuedAsNew')", false)]
    [InlineData("WorkflowType = 'Order' AND ExecutionStatus = 'Running'", false)]
    [InlineData("WorkflowType = 'Order' OR ExecutionStatus = 'Running'", true)]
    [InlineData("WorkflowType = 'Refund' OR WorkflowType = 'Order' AND ExecutionStatus = 'Completed'", true)]
    [InlineData("(WorkflowType = 'Order' OR WorkflowType = 'Refund') and not ExecutionStatus = 'Running'", true)]
    [InlineData("NOT (WorkflowType = 'Order' AND ExecutionStatus = 'Completed')", false)]
    [InlineData("StartTime > '2026-01-01T00:00:00Z'", true)]
    [InlineData("StartTime = '2026-01-02T05:04:05+02:00'", true)]
    [InlineData("StartTime BETWEEN '2026-01-02T00:00:00Z' AND '2026-01-03T00:00:00Z'", true)]
    [InlineData("StartTime NOT BETWEEN '2026-01-02T00:00:00Z' AND '2026-01-03T00:00:00Z'", false)]
    [InlineData("CloseTime IS NULL", false)]
    [InlineData("CloseTime is not null", true)]
    [InlineData("ExecutionDuration >= '1h30m'", true)]
    [InlineData("ExecutionDuration > 5400000000000", false)]
    [InlineData("HistoryLength < 12", true)]
    [InlineData("Colour = 'blue'", true)]
    [InlineData("Parts = 'b'", true)]
    [InlineData("Parts = 'c'", false)]
    [InlineData("Parts != 'b'", false)]
    [InlineData("Parts IN ('c', 'a')", true)]
    [InlineData("Weight > 2.4 AND Count = 7 AND Urgent = true", true)]
    [InlineData("Urgent = false", false)]
    [InlineData("Due IS NULL", true)]
    // What is not set is neither equal nor unequal, as in SQL.
    [InlineData("Due = '2026-01-01T00:00:00Z'", false)]
    [InlineData("Due != '2026-01-01T00:00:00Z'", false)]
    [InlineData("NOT Due = '2026-01-01T00:00:00Z'", false)]
    [InlineData("WorkflowId = 'it''s'", false)]
    public void Query_SelectsOrNot(string query, bool selects)
    {
        var (filter, _) = VisibilityParser.Parse(query, TypeOf, count: false);
        (filter is null || VisibilityFilter.Matches(filter, Row())).ShouldBe(selects);
    }

    [Theory]
    [InlineData("this is not a query", "malformed SQL query: syntax error at position 41 near 'a'")]
    [InlineData("WorkflowId = \"unclosed", "malformed SQL query: syntax error at position 50 near 'unclosed'")]
    [InlineData("NoSuch = 'x'", "invalid search attribute: NoSuch")]
    [InlineData("workflowid = 'x'", "invalid search attribute: workflowid")]
    [InlineData("WorkflowId = 'x' ORDER BY StartTime", "operation is not supported: 'ORDER BY' clause")]
    [InlineData("WorkflowId = 'x' LIMIT 5", "operation is not supported: 'LIMIT' clause")]
    [InlineData("GROUP BY ExecutionStatus", "operation is not supported: 'group by' clause")]
    [InlineData("ExecutionStatus = 'completed'", "invalid ExecutionStatus value 'completed'")]
    public void Query_BadInAWayThatWasRecorded_HasItsWords(string query, string message) => Refused(query).ShouldBe($"invalid query: {message}");

    [Theory]
    [InlineData("WorkflowId")]
    [InlineData("WorkflowId =")]
    [InlineData("WorkflowId = x")]
    [InlineData("WorkflowId LIKE 'x%'")]
    [InlineData("WorkflowId IN ()")]
    [InlineData("(WorkflowId = 'x'")]
    [InlineData("WorkflowId = 'x')")]
    [InlineData("WorkflowId = 'x' AND")]
    [InlineData("WorkflowId = 'x' WorkflowId = 'y'")]
    [InlineData("StartTime > '2026-01-01'")]
    [InlineData("StartTime BETWEEN '2026-01-01T00:00:00Z'")]
    [InlineData("Count = 'many'")]
    [InlineData("Urgent = 'perhaps'")]
    [InlineData("ExecutionDuration > 'long'")]
    [InlineData("'x' = WorkflowId")]
    [InlineData("1 = 1")]
    [InlineData("; DROP TABLE runs")]
    public void Query_Bad_IsRefused(string query) => Refused(query).ShouldStartWith("invalid query: ");

    // Each would otherwise be a recursion that ends the process, or more than SQLite takes.
    public static TheoryData<string, string> TooMuch => new()
    {
        { new string('(', 100_000), "nested deeper than 20" },
        { string.Concat(Enumerable.Repeat("NOT ", 100_000)), "nested deeper than 20" },
        { string.Join(" OR ", Enumerable.Repeat("WorkflowId = 'x'", 100_000)), "more than 500 conditions" },
        { $"WorkflowId IN ({string.Join(", ", Enumerable.Repeat("'x'", 100_000))})", "more than 10000 values" },
    };

    [Theory]
    [MemberData(nameof(TooMuch))]
    public void Query_TooLarge_IsRefused(string query, string message) => Refused(query).ShouldBe($"invalid query: {message}");

    [Fact]
    public async Task Query_AsLargeAsItMayBe_IsAnsweredByBothStores()
    {
        using var folder = new TempDirectory();
        var deep = string.Concat(Enumerable.Repeat("Colour != 'x' AND (WorkflowId = 'y' OR (", 10)) + "Colour = 'blue'" + new string(')', 20);
        var negated = string.Concat(Enumerable.Repeat("NOT (Colour != 'x' AND ", 10)) + "Colour = 'blue'" + new string(')', 10);
        var wide = string.Join(" OR ", Enumerable.Repeat("Colour != 'x'", 499)) + " OR Colour = 'blue'";
        var many = $"WorkflowId IN ({string.Join(", ", Enumerable.Range(0, 10_000).Select(static i => $"'{i}'"))})";
        await using var sqlite = Sqlite.SqliteStore.Open(folder.File("server.db"));
        await using var memory = new MemoryStore();
        foreach (var query in new[] { deep, negated, wide, many })
        {
            var filter = VisibilityParser.Parse(query, TypeOf, count: false).Filter;
            (await sqlite.ListAsync(new VisibilityRequest("default", filter, 10))).Rows.ShouldBeEmpty();
            (await memory.ListAsync(new VisibilityRequest("default", filter, 10))).Rows.ShouldBeEmpty();
        }
    }

    [Fact]
    public void Count_GroupsByStatusOnly()
    {
        VisibilityParser.Parse("WorkflowType = 'Order' GROUP BY ExecutionStatus", TypeOf, count: true).GroupByStatus.ShouldBeTrue();
        Should.Throw<RpcFaultException>(static () => VisibilityParser.Parse("GROUP BY WorkflowType", TypeOf, count: true)).Code.ShouldBe(RpcStatusCode.InvalidArgument);
    }

    private sealed class TempDirectory : IDisposable
    {
        private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("durable-visibility-");

        public string File(string name) => Path.Combine(folder.FullName, name);

        public void Dispose() => folder.Delete(recursive: true);
    }

    private static string Refused(string query)
    {
        var fault = Should.Throw<RpcFaultException>(() => VisibilityParser.Parse(query, TypeOf, count: false));
        fault.Code.ShouldBe(RpcStatusCode.InvalidArgument);
        return fault.Message;
    }

    private static IndexedValueType? TypeOf(string name) => Types.TryGetValue(name, out var type) ? type : null;

    private static VisibilityRow Row()
    {
        var start = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var attributes = new SearchAttributes();
        attributes.IndexedFields["Colour"] = ServerPayloads.SearchAttribute("blue", IndexedValueType.Keyword);
        attributes.IndexedFields["Parts"] = ServerPayloads.JsonList("KeywordList", "a", "b");
        attributes.IndexedFields["Weight"] = ServerPayloads.SearchAttribute(2.5, IndexedValueType.Double);
        attributes.IndexedFields["Count"] = ServerPayloads.SearchAttribute(7, IndexedValueType.Int);
        attributes.IndexedFields["Urgent"] = ServerPayloads.SearchAttribute(true, IndexedValueType.Bool);
        return new VisibilityRow
        {
            Key = new RunKey("default", "order/17", "run"),
            WorkflowType = "Order",
            TaskQueue = "queue",
            Status = WorkflowExecutionStatus.Completed,
            StartTime = start,
            ExecutionTime = start,
            CloseTime = start.AddMinutes(90),
            HistoryLength = 11,
            SearchAttributes = attributes,
        };
    }
}
