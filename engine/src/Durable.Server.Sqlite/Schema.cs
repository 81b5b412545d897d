namespace Durable.Server.Sqlite;

/// <summary>The tables, and how a file becomes one of ours.</summary>
internal static class Schema
{
    /// <summary>In the file's <c>user_version</c>. A file of another version is refused, never guessed at.</summary>
    public const int Version = 2;

    /// <summary>In the file's <c>application_id</c>: "DrbS".</summary>
    private const int ApplicationId = 0x44726253;

    // Times are UTC ticks. Runs have a number (id) that the other tables use, so that a run's rows lie together, newest runs last.
    // What a commit costs is the pages it touches, so what many runs write together lies together: history is a log in the order
    // of commits, found by an index, and runs_ready is by number.
    // visibility.place is what the list is ordered by within open and closed runs: close time, or start time while open.
    private const string Tables = """
        CREATE TABLE runs(
          id INTEGER PRIMARY KEY, namespace TEXT NOT NULL, workflow_id TEXT NOT NULL, run_id TEXT NOT NULL,
          next_timer INTEGER, ready INTEGER NOT NULL, state BLOB NOT NULL);
        CREATE UNIQUE INDEX runs_key ON runs(run_id, workflow_id, namespace);
        CREATE INDEX runs_timer ON runs(next_timer) WHERE next_timer IS NOT NULL;
        CREATE INDEX runs_ready ON runs(id) WHERE ready = 1;

        CREATE TABLE current_runs(
          namespace TEXT NOT NULL, workflow_id TEXT NOT NULL, run_id TEXT NOT NULL, first_run_id TEXT NOT NULL,
          request_id TEXT NOT NULL, status INTEGER NOT NULL, start_time INTEGER NOT NULL,
          PRIMARY KEY(namespace, workflow_id)) WITHOUT ROWID;

        CREATE TABLE history(
          place INTEGER PRIMARY KEY, run INTEGER NOT NULL, first_event INTEGER NOT NULL, last_event INTEGER NOT NULL, events BLOB NOT NULL);
        CREATE UNIQUE INDEX history_run ON history(run, first_event);

        CREATE TABLE visibility(
          run INTEGER PRIMARY KEY, namespace TEXT NOT NULL, workflow_id TEXT NOT NULL, run_id TEXT NOT NULL,
          type TEXT NOT NULL, task_queue TEXT NOT NULL, status TEXT NOT NULL, closed INTEGER NOT NULL, place INTEGER NOT NULL,
          start_time INTEGER NOT NULL, execution_time INTEGER NOT NULL, close_time INTEGER, duration INTEGER,
          history_length INTEGER, history_size INTEGER, transitions INTEGER,
          parent_workflow_id TEXT, parent_run_id TEXT, root_workflow_id TEXT, root_run_id TEXT, memo BLOB, attributes BLOB);
        CREATE INDEX visibility_place ON visibility(namespace, closed, place DESC, run_id);
        CREATE INDEX visibility_status ON visibility(namespace, status, closed, place DESC, run_id);
        CREATE INDEX visibility_type ON visibility(namespace, type, closed, place DESC, run_id);
        CREATE INDEX visibility_id ON visibility(namespace, workflow_id, closed, place DESC, run_id);
        CREATE INDEX visibility_start ON visibility(namespace, start_time);

        CREATE TABLE attributes(
          run INTEGER NOT NULL, name TEXT NOT NULL, value NOT NULL, PRIMARY KEY(run, name, value)) WITHOUT ROWID;
        CREATE INDEX attributes_value ON attributes(name, value, run);

        CREATE TABLE documents(
          kind TEXT NOT NULL, namespace TEXT NOT NULL, id TEXT NOT NULL, due INTEGER, value BLOB NOT NULL,
          PRIMARY KEY(kind, namespace, id)) WITHOUT ROWID;
        CREATE INDEX documents_due ON documents(kind, due) WHERE due IS NOT NULL;
        """;

    /// <exception cref="IOException">The file is another program's, or of another version.</exception>
    public static void Prepare(Database database, string file)
    {
        // Only an empty file takes it, so it comes first.
        database.Execute("PRAGMA auto_vacuum = INCREMENTAL");
        var version = database.Scalar("PRAGMA user_version");
        var application = database.Scalar("PRAGMA application_id");
        var isEmpty = database.Scalar("SELECT count(*) FROM sqlite_master") == 0;
        if (!isEmpty && application != ApplicationId)
        {
            throw new IOException($"{file} is a database of another program.");
        }
        if (!isEmpty && version != Version)
        {
            throw new IOException($"{file} has schema version {version}; this server reads version {Version}.");
        }
        database.Execute("PRAGMA journal_mode = WAL");
        // FULL: a commit has reached the disk before anyone hears of it.
        database.Execute("PRAGMA synchronous = FULL");
        // Larger than the default, since a checkpoint stops the writer and its cost is per page once, not per change.
        database.Execute("PRAGMA wal_autocheckpoint = 4000");
        database.Execute("PRAGMA journal_size_limit = 67108864");
        // Enough for the inner pages of all indexes and the leaves in use; what else is read comes from the system's cache.
        database.Execute("PRAGMA cache_size = -16384");
        if (isEmpty)
        {
            database.Execute($"BEGIN;{Tables}PRAGMA application_id = {ApplicationId};PRAGMA user_version = {Version};COMMIT;");
        }
    }
}
