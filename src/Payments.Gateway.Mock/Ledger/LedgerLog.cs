using System.Buffers;

namespace Payments.Gateway.Mock.Ledger;

/// <summary>
/// The ledger on the disk: lines are only ever appended. Group commit: while one batch is written and synced, the next gathers,
/// so that many charges share an fsync. Appending is not thread-safe (the ledger's lock orders it); waiting is.
/// </summary>
public sealed class LedgerLog : IDisposable
{
    private readonly FileStream file;
    private readonly Action<Exception> failed;
    private readonly SemaphoreSlim work = new(0);
    private readonly Lock swapping = new();
    private readonly Thread writer;
    private Batch gathering = new();
    private Exception? broken;
    private volatile bool closing;

    private LedgerLog(FileStream file, Action<Exception> failed)
    {
        this.file = file;
        this.failed = failed;
        writer = new Thread(WriteBatches) { IsBackground = true, Name = "ledger" };
        writer.Start();
    }

    /// <summary>Opens or creates the file, hands every line to <paramref name="replay"/> and cuts off a last line that a crash has torn.</summary>
    /// <param name="failed">Called once when the disk fails: what is in memory is then ahead of the file, so the process must end.</param>
    /// <exception cref="InvalidDataException">A line that is not the last one is damaged: the file was changed by someone else.</exception>
    /// <exception cref="IOException">The folder cannot be written, or another process has the ledger.</exception>
    public static LedgerLog Open(string path, Action<LedgerEntry> replay, Action<Exception> failed)
    {
        ArgumentNullException.ThrowIfNull(replay);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        try
        {
            file.SetLength(Replay(file, replay));
            file.Seek(0, SeekOrigin.End);
            return new LedgerLog(file, failed);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <returns>Completes when the line, and all before it, is on the disk.</returns>
    public Task Append(LedgerEntry entry)
    {
        lock (swapping)
        {
            ThrowIfBroken();
            var first = gathering.Bytes.WrittenCount == 0;
            LedgerLine.Write(entry, gathering.Bytes);
            if (first)
            {
                work.Release();
            }
            return gathering.Done.Task;
        }
    }

    /// <returns>Completes when everything appended so far is on the disk.</returns>
    public Task Flushed()
    {
        lock (swapping)
        {
            ThrowIfBroken();
            return gathering.Bytes.WrittenCount > 0 ? gathering.Done.Task : writing;
        }
    }

    private Task writing = Task.CompletedTask;

    public void Dispose()
    {
        closing = true;
        work.Release();
        writer.Join();
        file.Dispose();
        work.Dispose();
    }

    private void WriteBatches()
    {
        while (true)
        {
            work.Wait();
            Batch batch;
            lock (swapping)
            {
                batch = gathering;
                if (batch.Bytes.WrittenCount == 0)
                {
                    if (closing)
                    {
                        return;
                    }
                    continue;
                }
                gathering = new Batch();
                writing = batch.Done.Task;
            }
            try
            {
                file.Write(batch.Bytes.WrittenSpan);
                file.Flush(flushToDisk: true);
                batch.Done.SetResult();
            }
            catch (Exception e)
            {
                Break(batch, e);
                return;
            }
        }
    }

    private void Break(Batch batch, Exception e)
    {
        lock (swapping)
        {
            broken = e;
            gathering.Done.TrySetException(e);
        }
        batch.Done.TrySetException(e);
        failed(e);
    }

    private void ThrowIfBroken()
    {
        if (broken is not null)
        {
            throw new IOException("The ledger could not be written; the gateway is stopping.", broken);
        }
    }

    private static long Replay(FileStream file, Action<LedgerEntry> replay)
    {
        var buffer = new byte[64 * 1024];
        int start = 0, end = 0;
        long good = 0, number = 0;
        while (true)
        {
            var read = file.Read(buffer, end, buffer.Length - end);
            end += read;
            int feed;
            while ((feed = buffer.AsSpan(start, end - start).IndexOf((byte)'\n')) >= 0)
            {
                number++;
                var entry = LedgerLine.Read(buffer.AsSpan(start, feed));
                if (entry is null)
                {
                    // A sync that a power failure cut short can leave zeros or half a page, but only at the end.
                    return good + feed + 1 >= file.Length ? good
                        : throw new InvalidDataException($"{file.Name}: line {number} is damaged and is not the last one. Restore the file, or remove it to start empty.");
                }
                replay(entry);
                start += feed + 1;
                good += feed + 1;
            }
            if (read == 0)
            {
                return good;
            }
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            end -= start;
            start = 0;
            if (end == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }
        }
    }

    private sealed class Batch
    {
        public ArrayBufferWriter<byte> Bytes { get; } = new(4096);

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
