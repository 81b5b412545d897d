using System.Diagnostics;
using System.Globalization;
using Payments.Lab;
using Payments.Lab.Traffic;

// New payments and replays per second at rising concurrency, against a lab of its own: four processes, fsync on, this process as the load.
// dotnet run -c Release --project bench/Payments.Bench [seconds per step]
var step = TimeSpan.FromSeconds(args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 8);
var folder = Directory.CreateTempSubdirectory("bench-").FullName;
try
{
    var start = Stopwatch.GetTimestamp();
    await using var lab = await RunningLab.StartAsync(new LabOptions { Ports = LabPorts.Free(), Data = folder });
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores; started in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.00} s"));
    using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1024 });
    var caller = new PaymentCaller(http, lab.Addresses.Ingress);

    var first = await caller.CreateAsync("first", "first", 100);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"first payment after {Stopwatch.GetElapsedTime(start).TotalSeconds:0.00} s: {first.Status}"));
    await NewAsync(caller, 16, TimeSpan.FromSeconds(3), "warm");

    Console.WriteLine();
    Console.WriteLine("what       callers      /s    p50 ms    p95 ms    p99 ms   failed");
    foreach (var callers in new[] { 1, 16, 64, 256 })
    {
        Show("new", await NewAsync(caller, callers, step, $"c{callers}"));
    }
    foreach (var callers in new[] { 1, 64 })
    {
        Show("replay", await LoadDriver.RunAsync(callers, step, async (_, _) => (await caller.CreateAsync("first", "first", 100)).Paid));
    }
    // By itself, to show that it is not what limits the rows above.
    Show("gateway", await LoadDriver.RunAsync(64, step, async (who, i) =>
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, lab.Addresses.Gateway + "/charges")
        {
            Content = new StringContent($$"""{"merchant":"bench","paymentId":"gateway-{{who}}-{{i}}","amount":100,"currency":"USD"}"""),
        };
        request.Headers.Add("Idempotency-Key", $"gateway-{who}-{i}");
        using var answer = await http.SendAsync(request);
        return answer.IsSuccessStatusCode;
    }));
    Console.WriteLine();
    foreach (var child in lab.Children)
    {
        using var process = Process.GetProcessById(child.Pid!.Value);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{child.Name,-8} {process.WorkingSet64 / (1024 * 1024),5} MiB {process.TotalProcessorTime.TotalSeconds,7:0.0} s of processor time"));
    }
    var ledger = new Ledger(http, lab.Addresses.Gateway);
    var twice = (await ledger.ChargesByPaymentAsync()).Count(payment => payment.Value != 1);
    Console.WriteLine($"{await ledger.ChargesAsync()} charges in the ledger, {twice} payments charged more than once");
}
finally
{
    Directory.Delete(folder, recursive: true);
}

static Task<LoadResult> NewAsync(PaymentCaller caller, int callers, TimeSpan duration, string run) =>
    LoadDriver.RunAsync(callers, duration, async (who, i) => (await caller.CreateAsync($"{run}-{who}-{i}", $"{run}-{who}-{i}", 100)).Paid);

static void Show(string what, LoadResult result) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"{what,-8} {result.Callers,9} {result.PerSecond,7:0} {result.P50,9:0.0} {result.P95,9:0.0} {result.P99,9:0.0} {result.Failed,8}"));
