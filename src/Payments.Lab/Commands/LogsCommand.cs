using Payments.Lab.Processes;

namespace Payments.Lab.Commands;

/// <summary>The last lines of all processes, or of one, and with <c>--follow</c> what comes after.</summary>
internal static class LogsCommand
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(250);

    public static async Task<int> RunAsync(LabOptions options, string? process, int lines, bool follow, CancellationToken cancellation)
    {
        if (process is not null && !ProcessNames.All.Contains(process))
        {
            throw new LabException($"There is no process \"{process}\": one of {string.Join(", ", ProcessNames.All)}.");
        }
        var logs = (process is null ? ProcessNames.All : [process])
            .Select(name => (Name: name, Path: Path.Combine(options.Data, "logs", name + ".log")))
            .Where(log => File.Exists(log.Path))
            .Select(log => (log.Name, log.Path, Reader: new StreamReader(new FileStream(log.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))))
            .ToArray();
        if (logs.Length == 0)
        {
            throw new LabException($"There is no log in {Path.GetFullPath(options.Data)}: no lab of several processes was started there.");
        }
        try
        {
            foreach (var log in logs)
            {
                if (process is null)
                {
                    Console.WriteLine($"==> {log.Path} <==");
                }
                await ShowLastAsync(log.Reader, lines);
            }
            while (follow)
            {
                await Task.Delay(LookAgain, cancellation);
                foreach (var log in logs)
                {
                    while (await log.Reader.ReadLineAsync(cancellation) is { } line)
                    {
                        Console.WriteLine(process is null ? $"{log.Name,-8} {line}" : line);
                    }
                }
            }
        }
        finally
        {
            Array.ForEach(logs, log => log.Reader.Dispose());
        }
        return 0;
    }

    private static async Task ShowLastAsync(StreamReader reader, int lines)
    {
        var last = new Queue<string>();
        while (await reader.ReadLineAsync() is { } line)
        {
            last.Enqueue(line);
            if (last.Count > lines)
            {
                last.Dequeue();
            }
        }
        foreach (var line in last)
        {
            Console.WriteLine(line);
        }
    }
}
