using SQLitePCL;

namespace Durable.Server.Sqlite;

/// <summary>One connection and its prepared statements. One thread at a time.</summary>
internal sealed class Database : IDisposable
{
    /// <summary>Statements made for visibility queries are as many as there are query shapes; beyond this the oldest half is prepared again when needed.</summary>
    private const int MaximumStatements = 128;

    private readonly Dictionary<string, Statement> statements = new(StringComparer.Ordinal);
    private readonly sqlite3 handle;

    static Database()
    {
        Batteries_V2.Init();
        ShortSleeps.Install();
    }

    private Database(sqlite3 handle) => this.handle = handle;

    /// <exception cref="SqliteFailureException">The file cannot be opened.</exception>
    public static Database Open(string file, bool readOnly)
    {
        var flags = raw.SQLITE_OPEN_NOMUTEX | (readOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE);
        var code = raw.sqlite3_open_v2(file, out var handle, flags, null);
        if (code != raw.SQLITE_OK)
        {
            var failure = new SqliteFailureException(code, raw.sqlite3_errstr(code).utf8_to_string());
            handle.Dispose();
            throw failure;
        }
        var database = new Database(handle);
        // Readers meet a lock only while another connection recovers or checkpoints the log.
        raw.sqlite3_busy_timeout(handle, 5000);
        return database;
    }

    /// <summary>Rows that the last statement which changes rows has changed.</summary>
    public int Changes => raw.sqlite3_changes(handle);

    public long LastInsertedId => raw.sqlite3_last_insert_rowid(handle);

    /// <summary>Runs one or more statements that answer nothing.</summary>
    public void Execute(string sql) => Check(raw.sqlite3_exec(handle, sql));

    /// <summary>The statement of that text, reset and ready for its values.</summary>
    public Statement Prepare(string sql)
    {
        if (statements.TryGetValue(sql, out var found))
        {
            return found;
        }
        if (statements.Count >= MaximumStatements)
        {
            foreach (var (text, old) in statements.Take(MaximumStatements / 2).ToArray())
            {
                statements.Remove(text);
                old.Dispose();
            }
        }
        Check(raw.sqlite3_prepare_v2(handle, sql, out var prepared));
        var statement = new Statement(this, prepared);
        statements.Add(sql, statement);
        return statement;
    }

    /// <summary>The single number that a query answers.</summary>
    public long Scalar(string sql)
    {
        using var rows = Prepare(sql).Read();
        return rows.Next() ? rows.Long(0) : throw new InvalidOperationException($"Bug: no answer to {sql}");
    }

    public void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            throw new SqliteFailureException(code & 0xff, raw.sqlite3_errmsg(handle).utf8_to_string());
        }
    }

    public void Dispose()
    {
        foreach (var statement in statements.Values)
        {
            statement.Dispose();
        }
        statements.Clear();
        handle.Dispose();
    }
}
