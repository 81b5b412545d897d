using System.Diagnostics;
using System.Runtime.InteropServices;
using Payments.Bench;
using Payments.Lab;
using Payments.Lab.Processes;
using Payments.Lab.Traffic;

// A lab of its own (four processes, fsync on) and this process as the load; bench/README.md says how to read the lines.
BenchOptions options;
try
{
    options = BenchOptions.Parse(args);
}
catch (FormatException wrong)
{
    await Console.Error.WriteLineAsync(wrong.Message);
    return 1;
}

var folder = Directory.CreateTempSubdirectory("bench-").FullName;
try
{
    var start = Stopwatch.GetTimestamp();
    await using var lab = await RunningLab.StartAsync(new LabOptions { Ports = LabPorts.Free(), Data = folder });
    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, GiveUp);
    using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, GiveUp);
    Report.Line($"{Environment.ProcessorCount} cores; ready after {Stopwatch.GetElapsedTime(start).TotalSeconds:0.00} s");
    using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1024 });
    var caller = new PaymentCaller(http, lab.Addresses.Ingress);
    var first = await caller.CreateAsync("first", "first", 100);
    Report.Line($"first payment after {Stopwatch.GetElapsedTime(start).TotalSeconds:0.00} s: {first.Status}");

    var payments = new PaymentLoad(caller);
    await payments.NewAsync(16, TimeSpan.FromSeconds(3));

    Report.Head();
    foreach (var callers in options.Callers)
    {
        await MeasureAsync("new", () => payments.NewAsync(callers, options.Step));
    }
    foreach (var callers in new[] { 1, 64 })
    {
        await MeasureAsync("replay", () => LoadDriver.RunAsync(callers, options.Step, async (_, _) => (await caller.CreateAsync("first", "first", 100)).Paid));
    }
    // By itself, to show that it is not what limits the rows above.
    await MeasureAsync("gateway", () => LoadDriver.RunAsync(64, options.Step, async (who, i) =>
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, lab.Addresses.Gateway + "/charges")
        {
            Content = new StringContent($$"""{"merchant":"bench","paymentId":"gateway-{{who}}-{{i}}","amount":100,"currency":"USD"}"""),
        };
        request.Headers.Add("Idempotency-Key", $"gateway-{who}-{i}");
        using var answer = await http.SendAsync(request);
        return answer.IsSuccessStatusCode;
    }));

    if (options.Payments > payments.Made)
    {
        await MeasureAsync("fill", () => payments.FillAsync(64, options.Payments - payments.Made));
        // The same figure as further up, now with all those in the store.
        await MeasureAsync("new", () => payments.NewAsync(64, options.Step));
    }
    Report.Line($"\n{payments.Made} payments stored:");
    foreach (var child in lab.Children)
    {
        using var process = Process.GetProcessById(child.Pid!.Value);
        Report.Line($"{child.Name,-8} {process.WorkingSet64 / (1024 * 1024),5} MiB {process.TotalProcessorTime.TotalSeconds,7:0.0} s of processor time");
    }

    // The door as well, which would answer from its cache.
    await Task.WhenAll(lab[ProcessNames.Server].KillAsync(), lab[ProcessNames.Ingress].KillAsync());
    var killed = Stopwatch.GetTimestamp();
    await Task.WhenAll(lab[ProcessNames.Server].StartAsync(), lab[ProcessNames.Ingress].StartAsync());
    var replay = await payments.UntilReplayedAsync();
    Report.Line($"kill -9 of server and ingress to the first replay: {Stopwatch.GetElapsedTime(killed).TotalSeconds:0.00} s ({replay.Status})");

    var ledger = new Ledger(http, lab.Addresses.Gateway);
    var twice = (await ledger.ChargesByPaymentAsync()).Count(payment => payment.Value != 1);
    Report.Line($"{await ledger.ChargesAsync()} charges in the ledger, {twice} payments charged more than once");
    return twice == 0 ? 0 : 2;

    // The hosts in this process take such a signal for themselves, so it has to be said what it means for all of it.
    void GiveUp(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _ = Task.Run(async () =>
        {
            await lab.DisposeAsync();
            Directory.Delete(folder, recursive: true);
            Environment.Exit(128 + (signal.Signal == PosixSignal.SIGINT ? 2 : 15));
        });
    }

    async Task MeasureAsync(string what, Func<Task<LoadResult>> load)
    {
        var before = await Snapshot.TakeAsync(lab);
        var result = await load();
        Report.Row(what, result, before, await Snapshot.TakeAsync(lab));
    }
}
finally
{
    Directory.Delete(folder, recursive: true);
}
