using SQLitePCL;

namespace Durable.Server.Sqlite;

/// <summary>SQLite refused something; <see cref="Code"/> is its primary result code.</summary>
internal sealed class SqliteFailureException(int code, string message) : Exception($"SQLite {code}: {message}")
{
    public int Code => code;

    /// <summary>The medium failed (full, broken, read-only), not this one statement: another try alone would fail as well.</summary>
    public bool IsMedium => code is raw.SQLITE_FULL or raw.SQLITE_IOERR or raw.SQLITE_READONLY or raw.SQLITE_CORRUPT or raw.SQLITE_CANTOPEN or raw.SQLITE_NOTADB;
}
