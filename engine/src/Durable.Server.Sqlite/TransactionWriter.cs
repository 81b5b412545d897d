using Durable.Server.Storage;

namespace Durable.Server.Sqlite;

/// <summary>Puts the parts of a transaction into the tables, inside the SQLite transaction that its caller opened.</summary>
internal sealed class TransactionWriter(Database database)
{
    private readonly VisibilityWriter visibility = new(database);

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
        var known = Find(write.Key);
        if (known is not { } stored)
        {
            database.Prepare("INSERT INTO runs(namespace, workflow_id, run_id, next_timer, ready, state) VALUES(?, ?, ?, ?, ?, ?)")
                .Bind(write.Key.Namespace).Bind(write.Key.WorkflowId).Bind(write.Key.RunId)
                .Bind(write.NextTimerAt).Bind(write.HasReadyWork ? 1L : 0L).Bind(write.State).Run();
        }
        else if (stored.NextTimer == write.NextTimerAt?.UtcTicks && stored.IsReady == write.HasReadyWork)
        {
            // A column that is named has its indexes rewritten, also with the value that it had.
            database.Prepare("UPDATE runs SET state = ? WHERE id = ?").Bind(write.State).Bind(stored.Id).Run();
        }
        else
        {
            database.Prepare("UPDATE runs SET next_timer = ?, ready = ?, state = ? WHERE id = ?")
                .Bind(write.NextTimerAt).Bind(write.HasReadyWork ? 1L : 0L).Bind(write.State).Bind(stored.Id).Run();
        }
        var run = known?.Id ?? database.LastInsertedId;
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
            visibility.Write(run, row, isNew: known is null);
        }
    }

    private void Delete(RunKey key)
    {
        if (Find(key)?.Id is { } run)
        {
            database.Prepare("DELETE FROM history WHERE run = ?").Bind(run).Run();
            database.Prepare("DELETE FROM attributes WHERE run = ?").Bind(run).Run();
            database.Prepare("DELETE FROM visibility WHERE run = ?").Bind(run).Run();
            database.Prepare("DELETE FROM runs WHERE id = ?").Bind(run).Run();
        }
        database.Prepare("DELETE FROM current_runs WHERE namespace = ? AND workflow_id = ? AND run_id = ?")
            .Bind(key.Namespace).Bind(key.WorkflowId).Bind(key.RunId).Run();
    }

    private StoredRow? Find(RunKey key)
    {
        using var rows = database.Prepare("SELECT id, next_timer, ready FROM runs WHERE run_id = ? AND workflow_id = ? AND namespace = ?")
            .Bind(key.RunId).Bind(key.WorkflowId).Bind(key.Namespace).Read();
        return rows.Next() ? new StoredRow(rows.Long(0), rows.LongOrNull(1), rows.Long(2) == 1) : null;
    }

    private readonly record struct StoredRow(long Id, long? NextTimer, bool IsReady);
}
