using System.Collections.Concurrent;

namespace Durable.Server.Sqlite;

/// <summary>Reading connections, made as needed and kept.</summary>
internal sealed class ReaderPool(string file) : IDisposable
{
    private readonly ConcurrentBag<Database> idle = [];

    public T Read<T>(Func<Database, T> read)
    {
        if (!idle.TryTake(out var database))
        {
            database = Database.Open(file, readOnly: true);
            // There may be one for each thread; what they share is in the system's cache.
            database.Execute("PRAGMA cache_size = -512");
        }
        try
        {
            return read(database);
        }
        finally
        {
            idle.Add(database);
        }
    }

    public void Dispose()
    {
        while (idle.TryTake(out var database))
        {
            database.Dispose();
        }
    }
}
