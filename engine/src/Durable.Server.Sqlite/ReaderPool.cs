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
