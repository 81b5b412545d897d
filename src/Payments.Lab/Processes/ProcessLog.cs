namespace Payments.Lab.Processes;

/// <summary>What a child says: in a file, and its last lines at hand. Thread-safe.</summary>
internal sealed class ProcessLog : IDisposable
{
    private const int Kept = 20;

    private readonly Lock writing = new();
    private readonly Queue<string> last = new();
    private readonly StreamWriter file;

    public ProcessLog(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        file = new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
    }

    public IReadOnlyList<string> LastLines
    {
        get
        {
            lock (writing)
            {
                return [.. last];
            }
        }
    }

    /// <summary>The last lines from this one on; all of them when it is further back.</summary>
    public IReadOnlyList<string> LastLinesFrom(string line)
    {
        var lines = LastLines.ToList();
        return lines[Math.Max(0, lines.LastIndexOf(line))..];
    }

    public async Task CopyAsync(StreamReader from)
    {
        while (await from.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            Write(line);
        }
    }

    public void Mark(string line) => Write(line);

    public void Dispose()
    {
        lock (writing)
        {
            file.Dispose();
        }
    }

    private void Write(string line)
    {
        lock (writing)
        {
            last.Enqueue(line);
            if (last.Count > Kept)
            {
                last.Dequeue();
            }
            if (file.BaseStream.CanWrite)
            {
                file.WriteLine(line);
            }
        }
    }
}
