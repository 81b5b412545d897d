using Durable.Server.Storage;

namespace Durable.Server.Tests.Engine;

/// <summary>A store whose writes fail or wait when a test says so. What fails is not stored.</summary>
internal sealed class FaultyStore(IServerStore inner) : DelegatingStore(inner)
{
    private int cut;

    /// <summary>Asked before each write; true: it fails.</summary>
    public Func<StoreTransaction, bool> Fails { get; set; } = static _ => false;

    /// <summary>Runs after a write is stored and before its caller hears of it.</summary>
    public Func<StoreTransaction, Task> Stored { get; set; } = static _ => Task.CompletedTask;

    public int Failures { get; private set; }

    /// <summary>From now on nothing is written: the process that used this store has crashed.</summary>
    public void Cut() => Volatile.Write(ref cut, 1);

    public override async Task CommitAsync(StoreTransaction transaction)
    {
        if (Volatile.Read(ref cut) == 1 || Fails(transaction))
        {
            Failures++;
            throw new StoreUnavailableException("the disk is full", new IOException("No space left on device"));
        }
        await base.CommitAsync(transaction);
        await Stored(transaction);
    }
}
