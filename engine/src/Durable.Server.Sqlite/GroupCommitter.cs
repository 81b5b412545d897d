using System.Diagnostics.Metrics;
using Durable.Server.Engine;
using Durable.Server.Storage;

namespace Durable.Server.Sqlite;

/// <summary>
/// One thread that owns the writing connection. It takes everything that waits, writes it as one SQLite transaction and
/// completes all of it after the commit: the fsync, which costs most, is shared.
/// </summary>
internal sealed class GroupCommitter : IDisposable
{
    /// <summary>Keeps one SQLite transaction, and so the wait of the first in it, bounded.</summary>
    private const int MaximumGroup = 1024;

    /// <summary>Pages given back to the file system after a group with deletions; the rest stays for new rows.</summary>
    private const int VacuumPages = 64;

    private readonly Database database;
    private readonly TransactionWriter writer;
    private readonly Thread thread;
    private readonly Meter meter = new(ServerMetrics.MeterName);
    private readonly Counter<long> commits;
    private readonly Lock gate = new();
    private readonly AutoResetEvent arrived = new(false);
    private List<Waiting> queue = [];
    private bool stopping;

    public GroupCommitter(Database database)
    {
        this.database = database;
        writer = new TransactionWriter(database);
        commits = meter.CreateCounter<long>("persistence_commits", description: "Transactions of the database, one fsync each: requests that wait share one.");
        thread = new Thread(Work) { IsBackground = true, Name = "sqlite-writer" };
        thread.Start();
    }

    public Task CommitAsync(StoreTransaction transaction)
    {
        var waiting = new Waiting(transaction);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(stopping, this);
            queue.Add(waiting);
        }
        arrived.Set();
        return waiting.Done.Task;
    }

    /// <summary>Writes what still waits, then ends the thread.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            stopping = true;
        }
        arrived.Set();
        thread.Join();
        arrived.Dispose();
        meter.Dispose();
    }

    private void Work()
    {
        var group = new List<Waiting>();
        while (true)
        {
            bool last;
            lock (gate)
            {
                (group, queue) = (queue, group);
                last = stopping && group.Count == 0;
            }
            if (last)
            {
                return;
            }
            if (group.Count == 0)
            {
                arrived.WaitOne();
                continue;
            }
            foreach (var part in group.Chunk(MaximumGroup))
            {
                Commit(part);
            }
            group.Clear();
        }
    }

    private void Commit(Waiting[] group)
    {
        var failure = TryCommit(group);
        if (failure is null)
        {
            foreach (var waiting in group)
            {
                // Continuations run on the pool (see Waiting), never here.
                waiting.Done.SetResult();
            }
            return;
        }
        if (group.Length > 1 && failure is not SqliteFailureException { IsMedium: true })
        {
            // One of them cannot be written; the others shall not fail with it.
            foreach (var waiting in group)
            {
                Commit([waiting]);
            }
            return;
        }
        foreach (var waiting in group)
        {
            waiting.Done.SetException(new StoreUnavailableException(failure.Message, failure));
        }
    }

    private Exception? TryCommit(Waiting[] group)
    {
        try
        {
            database.Prepare("BEGIN IMMEDIATE").Run();
            var hasDeletions = false;
            foreach (var waiting in group)
            {
                writer.Write(waiting.Transaction);
                hasDeletions |= waiting.Transaction.DeletedRuns.Count > 0;
            }
            database.Prepare("COMMIT").Run();
            commits.Add(1);
            if (hasDeletions)
            {
                Vacuum();
            }
            return null;
        }
#pragma warning disable CA1031 // Whatever went wrong, the callers must hear of it and the thread must live.
        catch (Exception failed)
#pragma warning restore CA1031
        {
            Rollback();
            return failed;
        }
    }

    private void Rollback()
    {
        try
        {
            database.Execute("ROLLBACK");
        }
        catch (SqliteFailureException)
        {
            // SQLite has rolled back by itself (it does when the disk is full), or the transaction never began.
        }
    }

    private void Vacuum()
    {
        try
        {
            database.Execute($"PRAGMA incremental_vacuum({VacuumPages})");
        }
        catch (SqliteFailureException)
        {
            // What the group wrote is committed; a file that stays large is no reason to call it failed.
        }
    }

    private sealed class Waiting(StoreTransaction transaction)
    {
        public StoreTransaction Transaction => transaction;

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
