using System.Diagnostics;
using System.Globalization;
using Durable.Bench;
using Durable.Server.Host;
using Durable.Server.Sqlite;

// dotnet run --project bench/Durable.Bench -c Release [finished, default 200000] [waiting, default 20000] [ready, default 1000]
var counts = args.Select(static text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : -1).ToArray();
if (counts.Contains(-1) || counts.Length > 3)
{
    await Console.Error.WriteLineAsync("Up to three whole numbers: executions that are finished, that wait for a timer, that have a task for a worker.");
    return 1;
}
var finished = counts.ElementAtOrDefault(0) is > 0 and var given ? given : 200_000;
var waiting = counts.Length > 1 ? counts[1] : 20_000;
var ready = counts.Length > 2 ? counts[2] : 1000;

var folder = Directory.CreateTempSubdirectory("durable-bench-").FullName;
try
{
    var file = Path.Combine(folder, "server.db");
    var began = Stopwatch.GetTimestamp();
    await using (var store = SqliteStore.Open(file))
    {
        await StoreFiller.FillAsync(store, finished, waiting, ready);
    }
    Say($"filled in {Seconds(began)}: {finished} finished, {waiting} waiting for a timer, {ready} with a task for a worker; {new FileInfo(file).Length / 1_048_576} MiB");

    // The first start compiles; the second is what a restart in a running fleet is like. A process of its own shows the whole of it.
    for (var i = 0; i < 2; i++)
    {
        began = Stopwatch.GetTimestamp();
        await using var host = await ServerHost.StartAsync(new ServerHostOptions { Port = 0, Headless = true, DatabaseFile = file });
        Say($"answering after {Seconds(began)}");
    }
    began = Stopwatch.GetTimestamp();
    using var process = Process.Start(new ProcessStartInfo(
        Path.Combine(AppContext.BaseDirectory, "Durable.Server.Host"), ["server", "start-dev", "--headless", "--port", "0", "--db-filename", file]) { RedirectStandardOutput = true })!;
    await process.StandardOutput.ReadLineAsync();
    Say($"process ready after {Seconds(began)}");
    process.Kill();
    await process.WaitForExitAsync();
    return 0;
}
finally
{
    Directory.Delete(folder, recursive: true);
}

static string Seconds(long began) => $"{Stopwatch.GetElapsedTime(began).TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture)} s";

static void Say(string line) => Console.WriteLine(line);
