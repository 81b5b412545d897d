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

    public static DataSource FromPath(string path) => new(path, null);

    public static DataSource FromBytes(byte[] data) => new(null, data);

    public static DataSource FromUTF8String(string content) => new(null, Encoding.UTF8.GetBytes(content));

    /// <param name="dictionary">With "path" or "data"; null gives null.</param>
    /// <exception cref="ArgumentException">It has neither, or both.</exception>
    public static DataSource? FromDictionary(IReadOnlyDictionary<string, string>? dictionary)
    {
        if (dictionary is null)
        {
            return null;
        }
        var path = dictionary.GetValueOrDefault("path");
        var data = dictionary.GetValueOrDefault("data");
        return (path, data) switch
        {
            (not null, null) => FromPath(path),
            (null, not null) => FromUTF8String(data),
            (null, null) => throw new ArgumentException("Data source must have 'path' or 'data'", nameof(dictionary)),
            _ => throw new ArgumentException("Data source cannot have both 'path' and 'data'", nameof(dictionary)),
        };
    }

    public Dictionary<string, string>? ToDictionary() =>
        Path is not null ? new() { ["path"] = Path }
        : Data is not null ? new() { ["data"] = Encoding.UTF8.GetString(Data) }
        : null;

    /// <exception cref="IOException">The file cannot be read.</exception>
    public byte[]? GetBytes() => Path is null ? Data : File.ReadAllBytes(Path);
}
