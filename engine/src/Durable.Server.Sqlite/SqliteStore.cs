using Durable.Server.Storage;

namespace Durable.Server.Sqlite;

public static class SqliteStore
{
    public static IServerStore Open(string file) => throw new IOException($"cannot open {file}");
}
