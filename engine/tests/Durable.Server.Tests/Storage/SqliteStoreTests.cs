using Durable.Server.Sqlite;
using Durable.Server.Storage;

namespace Durable.Server.Tests.Storage;

public sealed class SqliteStoreTests : StoreCompliance
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("durable-store-");

    private string File => Path.Combine(folder.FullName, "server.db");

    protected override IServerStore Open() => SqliteStore.Open(File);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Open_Again_FindsWhatWasCommitted()
    {
        var file = Path.Combine(folder.FullName, "again.db");
        await using (var first = SqliteStore.Open(file))
        {
            await CommitAsync(first, Write("w", "r", [9], [Batch(1, 3)], Current("r"), ready: true, row: Row("w", "r")));
        }
        await using var second = SqliteStore.Open(file);
        (await second.FindRunAsync(Key("w", "r")))!.State.ShouldBe([9]);
        (await second.ReadReadyRunsAsync(null, 10)).ShouldBe([Key("w", "r")]);
        (await second.FindCurrentRunAsync("ns", "w")).ShouldBe(Current("r"));
    }

    [Fact]
    public async Task Open_CopyOfTheFilesOfALiveStore_HasEveryAcknowledgedCommit()
    {
        // A crash leaves the file and its log as they are at that moment; a copy made while the store lives is the same.
        var file = Path.Combine(folder.FullName, "live.db");
        var copy = Path.Combine(folder.FullName, "copy.db");
        await using var live = SqliteStore.Open(file);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => CommitAsync(live, Write($"w{i}", "r", [(byte)i], row: Row($"w{i}", "r")))));
        System.IO.File.Copy(file, copy);
        System.IO.File.Copy(file + "-wal", copy + "-wal");
        await using var recovered = SqliteStore.Open(copy);
        (await recovered.CountAsync(new VisibilityRequest("ns", null))).Single().Count.ShouldBe(50);
    }

    [Fact]
    public void Open_WhileOpen_IsRefused() =>
        Should.Throw<IOException>(() => SqliteStore.Open(File)).Message.ShouldContain("another process has it open");

    [Fact]
    public void Open_NotADatabase_IsRefused()
    {
        var file = Path.Combine(folder.FullName, "text.db");
        System.IO.File.WriteAllText(file, new string('x', 4096));
        Should.Throw<IOException>(() => SqliteStore.Open(file)).Message.ShouldContain("cannot open");
        Should.Throw<IOException>(() => SqliteStore.Open(Path.Combine(folder.FullName, "nowhere", "x.db"))).Message.ShouldContain("folder does not exist");
    }

    [Fact]
    public async Task Commit_FileCannotGrow_FailsAndStoresNothing()
    {
        var file = Path.Combine(folder.FullName, "full.db");
        await using var full = SqliteStore.Open(file, new Dictionary<string, string> { ["max_page_count"] = "40" });
        await Should.ThrowAsync<StoreUnavailableException>(() => CommitAsync(full, Write("big", "r", new byte[1024 * 1024], row: Row("big", "r"))));
        (await full.FindRunAsync(Key("big", "r"))).ShouldBeNull();
        (await full.CountAsync(new VisibilityRequest("ns", null))).Single().Count.ShouldBe(0);
        await CommitAsync(full, Write("small", "r", [1]));
        (await full.FindRunAsync(Key("small", "r"))).ShouldNotBeNull();
    }

    [Fact]
    public async Task Commit_AfterDeletions_ReusesTheSpace()
    {
        var file = Path.Combine(folder.FullName, "reuse.db");
        await using (var store = SqliteStore.Open(file))
        {
            for (var round = 0; round < 10; round++)
            {
                await CommitAsync(store, [.. Enumerable.Range(0, 20).Select(i => Write($"w{i}", $"r{round}", new byte[20_000], row: Row($"w{i}", $"r{round}")))]);
                var delete = new StoreTransaction();
                delete.DeletedRuns.AddRange(Enumerable.Range(0, 20).Select(i => Key($"w{i}", $"r{round}")));
                await store.CommitAsync(delete);
            }
        }
        // One round is 400 KB; ten rounds that kept their space would be 4 MB.
        new FileInfo(file).Length.ShouldBeLessThan(1_500_000);
    }
}
