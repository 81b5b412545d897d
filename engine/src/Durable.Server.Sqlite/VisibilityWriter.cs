using Durable.Server.Storage;
using Durable.Server.Visibility;
using Google.Protobuf;

namespace Durable.Server.Sqlite;

/// <summary>Puts what a run shows to the list into its tables: what it did not change is not written, since each index costs pages.</summary>
internal sealed class VisibilityWriter(Database database)
{
    public void Write(long run, VisibilityRow row, bool isNew)
    {
        // While a run is open, nothing that an index holds changes but its attributes.
        if (isNew || row.CloseTime is not null || !TryUpdateOpen(run, row))
        {
            Replace(run, row);
        }
        WriteAttributes(run, row, isNew);
    }

    private bool TryUpdateOpen(long run, VisibilityRow row)
    {
        database.Prepare("""
            UPDATE visibility SET execution_time = ?, memo = ?, attributes = ? WHERE run = ? AND closed = 0 AND status = ?
            """)
            .Bind(row.ExecutionTime).Bind(row.Memo?.ToByteArray()).Bind(row.SearchAttributes?.ToByteArray()).Bind(run).Bind(row.Status.ToString()).Run();
        return database.Changes == 1;
    }

    private void Replace(long run, VisibilityRow row) => database.Prepare("""
        INSERT OR REPLACE INTO visibility(run, namespace, workflow_id, run_id, type, task_queue, status, closed, place,
          start_time, execution_time, close_time, duration, history_length, history_size, transitions,
          parent_workflow_id, parent_run_id, root_workflow_id, root_run_id, memo, attributes)
        VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
        .Bind(run).Bind(row.Key.Namespace).Bind(row.Key.WorkflowId).Bind(row.Key.RunId).Bind(row.WorkflowType).Bind(row.TaskQueue)
        .Bind(row.Status.ToString()).Bind(row.CloseTime is null ? 0L : 1L).Bind(row.CloseTime ?? row.StartTime)
        .Bind(row.StartTime).Bind(row.ExecutionTime).Bind(row.CloseTime).Bind((row.CloseTime - row.ExecutionTime)?.Ticks * 100)
        .Bind(row.HistoryLength).Bind(row.HistorySizeBytes).Bind(row.StateTransitionCount)
        .Bind(row.ParentWorkflowId).Bind(row.ParentRunId).Bind(row.RootWorkflowId).Bind(row.RootRunId)
        .Bind(row.Memo?.ToByteArray()).Bind(row.SearchAttributes?.ToByteArray()).Run();

    private void WriteAttributes(long run, VisibilityRow row, bool isNew)
    {
        var wanted = new List<(string Name, object Value)>();
        foreach (var (name, payload) in row.SearchAttributes?.IndexedFields ?? [])
        {
            foreach (var value in VisibilityFilter.Decode(payload))
            {
                wanted.Add((name, value is DateTimeOffset time ? time.UtcTicks : value is bool flag ? flag ? 1L : 0L : value));
            }
        }
        if (!isNew)
        {
            foreach (var (name, value) in Read(run))
            {
                if (!wanted.Remove((name, value)))
                {
                    database.Prepare("DELETE FROM attributes WHERE run = ? AND name = ? AND value = ?").Bind(run).Bind(name).BindValue(value).Run();
                }
            }
        }
        foreach (var (name, value) in wanted)
        {
            database.Prepare("INSERT OR IGNORE INTO attributes(run, name, value) VALUES(?, ?, ?)").Bind(run).Bind(name).BindValue(value).Run();
        }
    }

    private List<(string Name, object Value)> Read(long run)
    {
        var stored = new List<(string, object)>();
        using var rows = database.Prepare("SELECT name, value FROM attributes WHERE run = ?").Bind(run).Read();
        while (rows.Next())
        {
            stored.Add((rows.Text(0), rows.Value(1)));
        }
        return stored;
    }
}
