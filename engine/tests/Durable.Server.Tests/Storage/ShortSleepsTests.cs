using System.Runtime.InteropServices;
using Durable.Server.Sqlite;

namespace Durable.Server.Tests.Storage;

public sealed class ShortSleepsTests
{
    /// <summary>SQLite tells how long its own sleep was: a whole second for every millisecond without the shorter ones.</summary>
    [Fact]
    public void Sleep_OfAMillisecond_IsNoSecond()
    {
        var file = Path.GetTempFileName();
        try
        {
            using var database = Database.Open(file, readOnly: false);
            sqlite3_sleep(1).ShouldBe(1);
            database.Scalar("SELECT 1").ShouldBe(1);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [DllImport("e_sqlite3", CallingConvention = CallingConvention.Cdecl)]
    private static extern int sqlite3_sleep(int milliseconds);
}
