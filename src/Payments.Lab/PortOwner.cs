using System.Globalization;

namespace Payments.Lab;

/// <summary>Who listens on a port. Linux tells it in /proc; elsewhere, and for processes of other users, nobody is named.</summary>
public static class PortOwner
{
    private const string Listening = "0A";

    /// <returns>"name (process 123)", or null.</returns>
    public static string? Find(int port)
    {
        try
        {
            var sockets = new[] { "/proc/net/tcp", "/proc/net/tcp6" }.Where(File.Exists).SelectMany(file => Inodes(file, port)).ToHashSet(StringComparer.Ordinal);
            return sockets.Count == 0 ? null : Directory.EnumerateDirectories("/proc").Select(folder => Owner(folder, sockets)).FirstOrDefault(owner => owner is not null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Columns: number, local address (hex:hex port), remote address, state, …, and in the tenth the inode of the socket.
    private static IEnumerable<string> Inodes(string file, int port) =>
        File.ReadLines(file).Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(cells => cells.Length > 9 && cells[3] == Listening
                && cells[1].EndsWith(string.Create(CultureInfo.InvariantCulture, $":{port:X4}"), StringComparison.Ordinal))
            .Select(cells => $"socket:[{cells[9]}]");

    private static string? Owner(string folder, HashSet<string> sockets)
    {
        if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
        {
            return null;
        }
        try
        {
            return Directory.EnumerateFiles(Path.Combine(folder, "fd")).Any(file => new FileInfo(file).LinkTarget is { } target && sockets.Contains(target))
                ? $"{File.ReadAllText(Path.Combine(folder, "comm")).Trim()} (process {pid})"
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Gone in the meantime, or somebody else's.
            return null;
        }
    }
}
