using Durable.Server.Storage;
using Durable.Server.Visibility;
using Google.Protobuf;

namespace Durable.Server.Sqlite;

/// <summary>Puts the parts of a transaction into the tables, inside the SQLite transaction that its caller opened.</summary>
internal sealed class TransactionWriter(Database database)
{
    public void Write(StoreTransaction transaction)
    {
        foreach (var run in transaction.Runs)
        {
            Write(run);
        }
        foreach (var key in transaction.DeletedRuns)
        {
            Delete(key);
        }
        foreach (var (key, value, due) in transaction.Documents)
        {
            if (value is null)
            {
                database.Prepare("DELETE FROM documents WHERE kind = ? AND namespace = ? AND id = ?").Bind(key.Kind).Bind(key.Namespace).Bind(key.Id).Run();
            }
            else
            {
                database.Prepare("INSERT OR REPLACE INTO documents(kind, namespace, id, due, value) VALUES(?, ?, ?, ?, ?)")
                    .Bind(key.Kind).Bind(key.Namespace).Bind(key.Id).Bind(due).Bind(value).Run();
            }
        }
    }

    private void Write(RunWrite write)
    {
        var id = IdOf(write.Key);
        if (id is { } known)
        {
            database.Prepare("UPDATE runs SET next_timer = ?, ready = ?, state = ? WHERE id = ?")
                .Bind(write.NextTimerAt).Bind(write.HasReadyWork ? 1L : 0L).Bind(write.State).Bind(known).Run();
        }
        else
        {
            database.Prepare("INSERT INTO runs(namespace, workflow_id, run_id, next_timer, ready, state) VALUES(?, ?, ?, ?, ?, ?)")
                .Bind(write.Key.Namespace).Bind(write.Key.WorkflowId).Bind(write.Key.RunId)
                .Bind(write.NextTimerAt).Bind(write.HasReadyWork ? 1L : 0L).Bind(write.State).Run();
        }
        var run = id ?? database.LastInsertedId;
        foreach (var batch in write.NewBatches)
        {
            database.Prepare("INSERT INTO history(run, first_event, last_event, events) VALUES(?, ?, ?, ?)")
                .Bind(run).Bind(batch.FirstEventId).Bind(batch.LastEventId).Bind(batch.Events).Run();
        }
        if (write.Current is { } current)
        {
            database.Prepare("""
                INSERT OR REPLACE INTO current_runs(namespace, workflow_id, run_id, first_run_id, request_id, status, start_time)
                VALUES(?, ?, ?, ?, ?, ?, ?)
                """)
                .Bind(write.Key.Namespace).Bind(write.Key.WorkflowId).Bind(current.RunId).Bind(current.FirstExecutionRunId)
                .Bind(current.CreateRequestId).Bind((long)current.Status).Bind(current.StartTime).Run();
        }
        if (write.Visibility is { } row)
        {
            Write(run, row, isNew: id is null);
        }
    }

    private void Write(long run, VisibilityRow row, bool isNew)
    {
        database.Prepare("""
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
        if (!isNew)
        {
            database.Prepare("DELETE FROM attributes WHERE run = ?").Bind(run).Run();
        }
        foreach (var (name, payload) in row.SearchAttributes?.IndexedFields ?? [])
        {
            foreach (var value in VisibilityFilter.Decode(payload))
            {
                database.Prepare("INSERT OR IGNORE INTO attributes(run, name, value) VALUES(?, ?, ?)").Bind(run).Bind(name).BindValue(value).Run();
            }
        }
    }

    private void Delete(RunKey key)
    {
        if (IdOf(key) is { } run)
        {
            database.Prepare("DELETE FROM history WHERE run = ?").Bind(run).Run();
            database.Prepare("DELETE FROM attributes WHERE run = ?").Bind(run).Run();
            database.Prepare("DELETE FROM visibility WHERE run = ?").Bind(run).Run();
            database.Prepare("DELETE FROM runs WHERE id = ?").Bind(run).Run();
        }
        database.Prepare("DELETE FROM current_runs WHERE namespace = ? AND workflow_id = ? AND run_id = ?")
            .Bind(key.Namespace).Bind(key.WorkflowId).Bind(key.RunId).Run();
    }

    private long? IdOf(RunKey key)
    {
        using var rows = database.Prepare("SELECT id FROM runs WHERE run_id = ? AND workflow_id = ? AND namespace = ?")
            .Bind(key.RunId).Bind(key.WorkflowId).Bind(key.Namespace).Read();
        return rows.Next() ? rows.Long(0) : null;
    }
}
