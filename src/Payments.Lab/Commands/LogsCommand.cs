using Payments.Lab.Processes;

namespace Payments.Lab.Commands;

internal static class LogsCommand
{
    public static async Task<int> RunAsync(LabOptions options, string? process, int lines)
    {
        if (process is not null && !ProcessNames.All.Contains(process))
        {
            throw new LabException($"There is no process \"{process}\": one of {string.Join(", ", ProcessNames.All)}.");
        }
        foreach (var name in process is null ? ProcessNames.All : [process])
        {
            var path = Path.Combine(options.Data, "logs", name + ".log");
            if (!File.Exists(path))
            {
                continue;
            }
            if (process is null)
            {
                Console.WriteLine($"==> {path} <==");
            }
            var last = new Queue<string>();
            using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
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
        return 0;
    }
}
