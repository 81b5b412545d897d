using System.Text.Json;

namespace Payments.Client;

/// <summary>Keys in a file, one JSON line each, flushed to the disk before a key is used. For one process at a time.</summary>
public sealed class FileKeyStore : IKeyStore, IDisposable
{
    private readonly Dictionary<string, string> keys = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim one = new(1, 1);
    private readonly FileStream file;

    public FileKeyStore(string path)
    {
        var text = File.Exists(path) ? File.ReadAllText(path) : "";
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Read(line);
        }
        file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
        if (text.Length > 0 && !text.EndsWith('\n'))
        {
            // The next line must not join the torn one.
            file.WriteByte((byte)'\n');
        }
    }

    public async ValueTask<string> GetOrAddAsync(string intent, Func<string> mint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mint);
        await one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!keys.TryGetValue(intent, out var key))
            {
                key = mint();
                file.Write([.. JsonSerializer.SerializeToUtf8Bytes(new Line(intent, key)), (byte)'\n']);
                file.Flush(flushToDisk: true);
                keys.Add(intent, key);
            }
            return key;
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose()
    {
        file.Dispose();
        one.Dispose();
    }

    private void Read(string line)
    {
        try
        {
            if (JsonSerializer.Deserialize<Line>(line) is { } kept)
            {
                keys[kept.Intent] = kept.Key;
            }
        }
        catch (JsonException)
        {
            // The last line of a process that died while writing: its key was never used.
        }
    }

    private sealed record Line(string Intent, string Key);
}
