using Payments.Gateway.Mock.Ledger;

namespace Payments.Gateway.Mock.Tests.Ledger;

public sealed class LedgerLogTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("ledger-").FullName;

    private string Path => System.IO.Path.Combine(folder, "ledger.log");

    [Theory]
    [InlineData("0123")]
    [InlineData("00000000 {\"seq\":3}\n")]
    [InlineData("\0\0\0\0\0\0\0\0")]
    [InlineData("\n")]
    public async Task Open_LastLineIsTorn_KeepsAllBeforeItAndGoesOn(string torn)
    {
        await WriteAsync(1, 2);
        await File.AppendAllTextAsync(Path, torn);

        Read().ShouldBe([1, 2]);
        await WriteAsync(3);

        Read().ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task Open_EveryPrefixOfTheFile_GivesTheWholeLinesInIt()
    {
        await WriteAsync(1, 2, 3);
        var whole = await File.ReadAllBytesAsync(Path);

        for (var length = 0; length <= whole.Length; length++)
        {
            await File.WriteAllBytesAsync(Path, whole[..length]);
            var lines = whole.AsSpan(0, length).Count((byte)'\n');

            Read().ShouldBe(Enumerable.Range(1, lines).Select(i => (long)i));
        }
    }

    [Fact]
    public async Task Open_ALineInTheMiddleIsDamaged_RefusesByNumber()
    {
        await WriteAsync(1, 2, 3);
        var bytes = await File.ReadAllBytesAsync(Path);
        bytes[bytes.AsSpan().IndexOf((byte)'\n') + 20] ^= 1;
        await File.WriteAllBytesAsync(Path, bytes);

        Should.Throw<InvalidDataException>(Read).Message.ShouldContain("line 2");
    }

    [Fact]
    public async Task Open_WhileAnotherHasIt_Refuses()
    {
        await WriteAsync(1);
        using var first = LedgerLog.Open(Path, _ => { }, _ => { });

        Should.Throw<IOException>(Read);
    }

    [Fact]
    public async Task Append_MoreThanABufferHolds_IsReadBackWhole()
    {
        var numbers = Enumerable.Range(1, 3_000).Select(i => (long)i).ToArray();
        await WriteAsync(numbers);

        Read().ShouldBe(numbers);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private async Task WriteAsync(params long[] numbers)
    {
        using var log = LedgerLog.Open(Path, _ => { }, _ => { });
        await Task.WhenAll(numbers.Select(seq => log.Append(new LedgerEntry
        {
            Seq = seq, At = DateTimeOffset.UnixEpoch, Operation = Operations.Charge, Outcome = Outcomes.Captured, Key = $"k{seq}", Amount = 100,
        })));
    }

    private List<long> Read()
    {
        var seen = new List<long>();
        LedgerLog.Open(Path, entry => seen.Add(entry.Seq), _ => { }).Dispose();
        return seen;
    }
}
