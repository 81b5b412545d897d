using Durable.Server.Storage;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;

namespace Durable.Server.Sqlite;

public sealed partial class SqliteStore
{
    private const string RowColumns = """
        workflow_id, run_id, type, task_queue, status, start_time, execution_time, close_time, history_length, history_size, transitions,
        parent_workflow_id, parent_run_id, root_workflow_id, root_run_id, memo, attributes
        """;

    public ValueTask<VisibilityPage> ListAsync(VisibilityRequest query) => Read(reader =>
    {
        var sql = new VisibilitySql().Where(query.Namespace, query.Filter);
        var position = VisibilityPosition.Read(query.PageToken);
        var rows = new List<VisibilityRow>();
        // Open runs, then closed ones: two walks along an index instead of one sort of everything.
        for (var closed = position?.IsClosed == true ? 1 : 0; closed <= 1 && rows.Count < query.PageSize; closed++)
        {
            var after = position is { } from && from.IsClosed == (closed == 1) ? position : null;
            var statement = reader.Prepare($"""
                SELECT {RowColumns} FROM visibility WHERE {sql.Text} AND closed = {closed}
                {(after is null ? "" : "AND place <= ? AND (place < ? OR run_id > ?)")} ORDER BY place DESC, run_id LIMIT ?
                """);
            foreach (var value in sql.Values)
            {
                statement.BindValue(value);
            }
            if (after is { } last)
            {
                statement.Bind(last.Place).Bind(last.Place).Bind(last.RunId);
            }
            using var found = statement.Bind((long)(query.PageSize - rows.Count)).Read();
            while (found.Next())
            {
                rows.Add(RowOf(query.Namespace, found));
            }
        }
        return new VisibilityPage(rows, VisibilityPosition.NextToken(rows, query.PageSize));
    });

    public ValueTask<IReadOnlyList<VisibilityCount>> CountAsync(VisibilityRequest query) => Read<IReadOnlyList<VisibilityCount>>(reader =>
    {
        var sql = new VisibilitySql().Where(query.Namespace, query.Filter);
        var statement = reader.Prepare(query.GroupByStatus
            ? $"SELECT count(*), status FROM visibility WHERE {sql.Text} GROUP BY status"
            : $"SELECT count(*) FROM visibility WHERE {sql.Text}");
        foreach (var value in sql.Values)
        {
            statement.BindValue(value);
        }
        using var rows = statement.Read();
        var counts = new List<VisibilityCount>();
        while (rows.Next())
        {
            counts.Add(new VisibilityCount(query.GroupByStatus ? Enum.Parse<WorkflowExecutionStatus>(rows.Text(1)) : null, rows.Long(0)));
        }
        return counts;
    });

    private static VisibilityRow RowOf(string namespaceName, Statement.Rows rows) => new()
    {
        Key = new RunKey(namespaceName, rows.Text(0), rows.Text(1)),
        WorkflowType = rows.Text(2),
        TaskQueue = rows.Text(3),
        Status = Enum.Parse<WorkflowExecutionStatus>(rows.Text(4)),
        StartTime = rows.Time(5),
        ExecutionTime = rows.Time(6),
        CloseTime = rows.TimeOrNull(7),
        HistoryLength = rows.LongOrNull(8),
        HistorySizeBytes = rows.LongOrNull(9),
        StateTransitionCount = rows.LongOrNull(10),
        ParentWorkflowId = rows.TextOrNull(11),
        ParentRunId = rows.TextOrNull(12),
        RootWorkflowId = rows.TextOrNull(13),
        RootRunId = rows.TextOrNull(14),
        Memo = rows.IsNull(15) ? null : Memo.Parser.ParseFrom(rows.Blob(15)),
        SearchAttributes = rows.IsNull(16) ? null : SearchAttributes.Parser.ParseFrom(rows.Blob(16)),
    };
}
