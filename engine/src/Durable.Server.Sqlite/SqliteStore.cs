using System.Collections.ObjectModel;
using Durable.Server.Storage;
using Temporalio.Api.Enums.V1;

namespace Durable.Server.Sqlite;

/// <summary>
/// Everything in one SQLite file (with its write-ahead log and a lock file beside it). A commit is on disk when its task
/// completes; reads go past the writer through their own connections.
/// </summary>
public sealed partial class SqliteStore : IServerStore
{
    private readonly FileStream processLock;
    private readonly Database database;
    private readonly GroupCommitter committer;
    private readonly ReaderPool readers;
    private int disposed;

    private SqliteStore(FileStream processLock, Database database, string file)
    {
        this.processLock = processLock;
        this.database = database;
        committer = new GroupCommitter(database);
        readers = new ReaderPool(file);
    }

    /// <summary>Opens or creates the file.</summary>
    /// <exception cref="IOException">Another process has it open, it is no file of ours, or it cannot be written.</exception>
    /// <param name="pragmas">Set on the writing connection after ours, so that they win; <c>max_page_count</c> makes a full disk of it.</param>
    public static SqliteStore Open(string file, IReadOnlyDictionary<string, string>? pragmas = null)
    {
        var path = Path.GetFullPath(file);
        var processLock = LockOut(path);
        Database? database = null;
        try
        {
            database = Database.Open(path, readOnly: false);
            Schema.Prepare(database, path);
            foreach (var (name, value) in pragmas ?? EmptyPragmas)
            {
                database.Execute($"PRAGMA {Word(name)} = {Word(value)}");
            }
            return new SqliteStore(processLock, database, path);
        }
        catch (Exception failed)
        {
            database?.Dispose();
            processLock.Dispose();
            if (failed is SqliteFailureException)
            {
                throw new IOException($"cannot open {path}: {failed.Message}", failed);
            }
            throw;
        }
    }

    public Task CommitAsync(StoreTransaction transaction) => committer.CommitAsync(transaction);

    public ValueTask<StoredRun?> FindRunAsync(RunKey key) => Read<StoredRun?>(reader =>
    {
        using var rows = reader.Prepare("SELECT state FROM runs WHERE run_id = ? AND workflow_id = ? AND namespace = ?")
            .Bind(key.RunId).Bind(key.WorkflowId).Bind(key.Namespace).Read();
        return rows.Next() ? new StoredRun(key, rows.Blob(0)) : null;
    });

    public ValueTask<CurrentRun?> FindCurrentRunAsync(string namespaceName, string workflowId) => Read<CurrentRun?>(reader =>
    {
        using var rows = reader.Prepare("SELECT run_id, first_run_id, request_id, status, start_time FROM current_runs WHERE namespace = ? AND workflow_id = ?")
            .Bind(namespaceName).Bind(workflowId).Read();
        return rows.Next()
            ? new CurrentRun(rows.Text(0), rows.Text(1), rows.Text(2), (WorkflowExecutionStatus)rows.Long(3), rows.Time(4))
            : null;
    });

    public ValueTask<IReadOnlyList<HistoryBatch>> ReadHistoryAsync(RunKey key, long fromEventId, int maximumBatches) =>
        // The batch that holds an event is the last one that does not begin behind it.
        ReadBatches(
            """
            WITH wanted(run) AS (SELECT id FROM runs WHERE run_id = ?1 AND workflow_id = ?2 AND namespace = ?3)
            SELECT first_event, last_event, events FROM history
            WHERE run = (SELECT run FROM wanted)
              AND first_event >= coalesce((SELECT max(first_event) FROM history WHERE run = (SELECT run FROM wanted) AND first_event <= ?4), ?4)
              AND last_event >= ?4
            ORDER BY first_event LIMIT ?5
            """,
            key, fromEventId, maximumBatches);

    public ValueTask<IReadOnlyList<HistoryBatch>> ReadHistoryReverseAsync(RunKey key, long beforeEventId, int maximumBatches) => ReadBatches(
        """
        SELECT first_event, last_event, events FROM history
        WHERE run = (SELECT id FROM runs WHERE run_id = ?1 AND workflow_id = ?2 AND namespace = ?3) AND first_event < ?4
        ORDER BY first_event DESC LIMIT ?5
        """,
        key, beforeEventId, maximumBatches);

    public ValueTask<IReadOnlyList<RunKey>> ReadReadyRunsAsync(RunKey? after, int maximum) => Read<IReadOnlyList<RunKey>>(reader =>
    {
        using var rows = reader.Prepare("""
            SELECT namespace, workflow_id, run_id FROM runs INDEXED BY runs_ready
            WHERE ready = 1 AND id > coalesce((SELECT id FROM runs WHERE run_id = ? AND workflow_id = ? AND namespace = ?), 0) ORDER BY id LIMIT ?
            """)
            .Bind(after?.RunId).Bind(after?.WorkflowId).Bind(after?.Namespace).Bind((long)maximum).Read();
        var found = new List<RunKey>();
        while (rows.Next())
        {
            found.Add(new RunKey(rows.Text(0), rows.Text(1), rows.Text(2)));
        }
        return found;
    });

    public ValueTask<IReadOnlyList<DueRun>> ReadDueRunsAsync(DateTimeOffset before, int maximum) => Read<IReadOnlyList<DueRun>>(reader =>
    {
        using var rows = reader.Prepare("SELECT namespace, workflow_id, run_id, next_timer FROM runs WHERE next_timer < ? ORDER BY next_timer LIMIT ?")
            .Bind(before).Bind((long)maximum).Read();
        var found = new List<DueRun>();
        while (rows.Next())
        {
            found.Add(new DueRun(new RunKey(rows.Text(0), rows.Text(1), rows.Text(2)), rows.Time(3)));
        }
        return found;
    });

    public ValueTask<byte[]?> FindDocumentAsync(DocumentKey key) => Read<byte[]?>(reader =>
    {
        using var rows = reader.Prepare("SELECT value FROM documents WHERE kind = ? AND namespace = ? AND id = ?")
            .Bind(key.Kind).Bind(key.Namespace).Bind(key.Id).Read();
        return rows.Next() ? rows.Blob(0) : null;
    });

    public ValueTask<IReadOnlyList<KeyValuePair<DocumentKey, byte[]>>> ReadDocumentsAsync(string kind, string namespaceName, string? afterId, int maximum) =>
        Read<IReadOnlyList<KeyValuePair<DocumentKey, byte[]>>>(reader =>
        {
            using var rows = reader.Prepare("SELECT id, value FROM documents WHERE kind = ? AND namespace = ? AND (?3 IS NULL OR id > ?3) ORDER BY id LIMIT ?4")
                .Bind(kind).Bind(namespaceName).Bind(afterId).Bind((long)maximum).Read();
            var found = new List<KeyValuePair<DocumentKey, byte[]>>();
            while (rows.Next())
            {
                found.Add(new(new DocumentKey(kind, namespaceName, rows.Text(0)), rows.Blob(1)));
            }
            return found;
        });

    public ValueTask<IReadOnlyList<DueDocument>> ReadDueDocumentsAsync(string kind, DateTimeOffset before, int maximum) => Read<IReadOnlyList<DueDocument>>(reader =>
    {
        using var rows = reader.Prepare("SELECT namespace, id, due FROM documents WHERE kind = ? AND due < ? ORDER BY due LIMIT ?")
            .Bind(kind).Bind(before).Bind((long)maximum).Read();
        var found = new List<DueDocument>();
        while (rows.Next())
        {
            found.Add(new DueDocument(new DocumentKey(kind, rows.Text(0), rows.Text(1)), rows.Time(2)));
        }
        return found;
    });

    public ValueTask<IReadOnlyList<RunKey>> ReadExpiredRunsAsync(string namespaceName, DateTimeOffset closedBefore, int maximum) => Read<IReadOnlyList<RunKey>>(reader =>
    {
        using var rows = reader.Prepare("""
            SELECT workflow_id, run_id FROM visibility WHERE namespace = ? AND closed = 1 AND place < ? ORDER BY place LIMIT ?
            """)
            .Bind(namespaceName).Bind(closedBefore).Bind((long)maximum).Read();
        var found = new List<RunKey>();
        while (rows.Next())
        {
            found.Add(new RunKey(namespaceName, rows.Text(0), rows.Text(1)));
        }
        return found;
    });

    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0)
        {
            committer.Dispose();
            readers.Dispose();
            database.Dispose();
            processLock.Dispose();
        }
        return ValueTask.CompletedTask;
    }

    private static ReadOnlyDictionary<string, string> EmptyPragmas => ReadOnlyDictionary<string, string>.Empty;

    // A pragma takes no parameters: what goes into its text must be a word or a number.
    private static string Word(string text) => text.Length > 0 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')
        ? text
        : throw new IOException($"not a word or number for a pragma: \"{text}\"");

    // An advisory lock of the operating system: it ends with the process, however that ends.
    private static FileStream LockOut(string path)
    {
        try
        {
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (DirectoryNotFoundException)
        {
            throw new IOException($"cannot open {path}: the folder does not exist");
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new IOException($"cannot open {path}: {denied.Message}", denied);
        }
        catch (IOException failed)
        {
            throw new IOException($"cannot open {path}: another process has it open ({failed.Message})", failed);
        }
    }

    private ValueTask<IReadOnlyList<HistoryBatch>> ReadBatches(string sql, RunKey key, long eventId, int maximum) => Read<IReadOnlyList<HistoryBatch>>(reader =>
    {
        using var rows = reader.Prepare(sql).Bind(key.RunId).Bind(key.WorkflowId).Bind(key.Namespace).Bind(eventId).Bind((long)maximum).Read();
        var found = new List<HistoryBatch>();
        while (rows.Next())
        {
            found.Add(new HistoryBatch(rows.Long(0), rows.Long(1), rows.Blob(2)));
        }
        return found;
    });

    private ValueTask<T> Read<T>(Func<Database, T> read)
    {
        try
        {
            return new(readers.Read(read));
        }
        catch (SqliteFailureException failed)
        {
            return ValueTask.FromException<T>(new StoreUnavailableException($"cannot read: {failed.Message}", failed));
        }
    }
}
