using System.Text;
using SQLitePCL;

namespace Durable.Server.Sqlite;

/// <summary>A prepared statement: values are bound left to right, then it runs or is read.</summary>
internal sealed class Statement(Database owner, sqlite3_stmt prepared) : IDisposable
{
    private readonly Database database = owner;
    private readonly sqlite3_stmt handle = prepared;
    private int bound;

    public Statement Bind(long value)
    {
        database.Check(raw.sqlite3_bind_int64(handle, ++bound, value));
        return this;
    }

    public Statement Bind(long? value) => value is { } number ? Bind(number) : BindNull();

    public Statement Bind(DateTimeOffset? value) => Bind(value?.UtcTicks);

    public Statement Bind(string? value)
    {
        if (value is null)
        {
            return BindNull();
        }
        if (value.Length == 0)
        {
            // An empty span has no address, which SQLite takes for NULL.
            database.Check(raw.sqlite3_bind_text(handle, ++bound, ""));
            return this;
        }
        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        Span<byte> buffer = most <= 512 ? stackalloc byte[512] : new byte[most];
        var length = Encoding.UTF8.GetBytes(value, buffer);
        database.Check(raw.sqlite3_bind_text(handle, ++bound, buffer[..length]));
        return this;
    }

    public Statement Bind(byte[]? value)
    {
        if (value is null)
        {
            return BindNull();
        }
        database.Check(value.Length == 0 ? raw.sqlite3_bind_zeroblob(handle, ++bound, 0) : raw.sqlite3_bind_blob(handle, ++bound, value));
        return this;
    }

    /// <summary>A value of a visibility query: string, number, bool or time.</summary>
    public Statement BindValue(object value)
    {
        switch (value)
        {
            case string text:
                return Bind(text);
            case long number:
                return Bind(number);
            case double number:
                database.Check(raw.sqlite3_bind_double(handle, ++bound, number));
                return this;
            case bool flag:
                return Bind(flag ? 1L : 0L);
            case DateTimeOffset time:
                return Bind(time.UtcTicks);
            default:
                throw new InvalidOperationException($"Bug: a query value of type {value.GetType().Name}");
        }
    }

    /// <summary>Runs to the end and makes ready for the next values.</summary>
    public void Run()
    {
        try
        {
            database.Check(raw.sqlite3_step(handle));
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Rows of the answer; disposing them makes the statement ready for the next values.</summary>
    public Rows Read() => new(this);

    public void Dispose() => handle.Dispose();

    private Statement BindNull()
    {
        database.Check(raw.sqlite3_bind_null(handle, ++bound));
        return this;
    }

    private void Reset()
    {
        bound = 0;
        // The code that reset gives repeats the failure of the last step, which was thrown there.
        raw.sqlite3_reset(handle);
    }

    internal readonly ref struct Rows(Statement statement)
    {
        public bool Next()
        {
            var code = raw.sqlite3_step(statement.handle);
            statement.database.Check(code);
            return code == raw.SQLITE_ROW;
        }

        public bool IsNull(int column) => raw.sqlite3_column_type(statement.handle, column) == raw.SQLITE_NULL;

        public long Long(int column) => raw.sqlite3_column_int64(statement.handle, column);

        public long? LongOrNull(int column) => IsNull(column) ? null : Long(column);

        public string Text(int column) => raw.sqlite3_column_text(statement.handle, column).utf8_to_string();

        public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

        /// <summary>A value of a column without a type: string, long or double.</summary>
        public object Value(int column) => raw.sqlite3_column_type(statement.handle, column) switch
        {
            raw.SQLITE_INTEGER => Long(column),
            raw.SQLITE_FLOAT => raw.sqlite3_column_double(statement.handle, column),
            raw.SQLITE_TEXT => Text(column),
            var type => throw new InvalidOperationException($"Bug: a value of SQLite's type {type}"),
        };

        public byte[] Blob(int column) => raw.sqlite3_column_blob(statement.handle, column).ToArray();

        public DateTimeOffset Time(int column) => new(Long(column), TimeSpan.Zero);

        public DateTimeOffset? TimeOrNull(int column) => IsNull(column) ? null : Time(column);

        public void Dispose() => statement.Reset();
    }
}
