using System.Text;

namespace Temporalio.Common.EnvConfig;

/// <summary>Bytes of a configuration value: in a file, which is read each time they are asked for, or given.</summary>
public sealed class DataSource
{
    private DataSource(string? path, byte[]? data)
    {
        Path = path;
        Data = data;
    }

    public string? Path { get; }

    public byte[]? Data { get; }

    /// <exception cref="ArgumentException">It is null or empty.</exception>
    public static DataSource FromPath(string path) =>
        string.IsNullOrEmpty(path) ? throw new ArgumentException("Path cannot be null or empty", nameof(path)) : new(path, null);

    /// <exception cref="ArgumentException">It is null or empty.</exception>
    public static DataSource FromBytes(byte[] data) =>
        data is not { Length: > 0 } ? throw new ArgumentException("Data cannot be null or empty", nameof(data)) : new(null, data);

    /// <param name="content">May be empty.</param>
    /// <exception cref="ArgumentException">It is null.</exception>
    public static DataSource FromUTF8String(string content) =>
        content is null ? throw new ArgumentException("Content cannot be null", nameof(content)) : new(null, Encoding.UTF8.GetBytes(content));

    /// <param name="dictionary">With "data" or, without that, "path".</param>
    /// <returns>Null when it has neither, or is null.</returns>
    public static DataSource? FromDictionary(IReadOnlyDictionary<string, string>? dictionary)
    {
        if (dictionary is null)
        {
            return null;
        }
        return dictionary.TryGetValue("data", out var data) ? FromUTF8String(data)
            : dictionary.TryGetValue("path", out var path) ? FromPath(path)
            : null;
    }

    public Dictionary<string, string>? ToDictionary() =>
        Path is not null ? new() { ["path"] = Path }
        : Data is not null ? new() { ["data"] = Encoding.UTF8.GetString(Data) }
        : null;

    /// <exception cref="IOException">The file cannot be read.</exception>
    public byte[]? GetBytes() => Path is null ? Data : File.ReadAllBytes(Path);
}
