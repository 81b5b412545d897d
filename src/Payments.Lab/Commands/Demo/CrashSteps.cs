using System.Net.Http.Json;
using Payments.Lab.Processes;
using Payments.Lab.Watch;

namespace Payments.Lab.Commands.Demo;

/// <summary>What survives.</summary>
internal static class CrashSteps
{
    public static readonly IReadOnlyList<DemoStep> All =
    [
        new("kill -9 of the worker after the gateway charged and before it heard so", WorkerAsync),
        new("kill -9 of server and ingress: what was paid is replayed", RestartAsync),
        new("Keys that live two seconds, in a second lab: the record goes, the protection stays", ExpiryAsync),
    ];

    private static async Task WorkerAsync(DemoContext demo)
    {
        var (id, gateway) = (demo.Id("killed"), demo.Lab.Addresses.Gateway);
        using (var plan = await demo.Lab.Http.PostAsJsonAsync(gateway + "/faults",
            new { rules = new[] { new { action = "hold-after", gate = id, paymentId = id, times = 1 } } }, demo.Cancellation))
        {
            plan.EnsureSuccessStatusCode();
        }
        var waiting = demo.UntilAnsweredAsync(id, id);
        using (var held = await demo.Lab.Http.GetAsync($"{gateway}/gates/{id}?waiting=1&timeoutMs=60000", demo.Cancellation))
        {
            held.EnsureSuccessStatusCode();
        }
        DemoContext.Say("charged, and held before the answer: kill -9 worker; its task comes again when its ten seconds are over");
        await demo.Lab.ActAsync(ProcessNames.Worker, LabActions.Kill, demo.Cancellation);
        using (await demo.Lab.Http.DeleteAsync(gateway + "/faults", demo.Cancellation))
        {
            await demo.Lab.ActAsync(ProcessNames.Worker, LabActions.Start, demo.Cancellation);
        }
        var outcome = await waiting;
        demo.Check(outcome.Paid, $"the caller gets {outcome.Status}");
        await demo.CountAsync(id);
    }

    private static async Task RestartAsync(DemoContext demo)
    {
        var id = demo.Id("restarted");
        var first = await demo.CreateAsync(id, id);
        foreach (var process in new[] { ProcessNames.Server, ProcessNames.Ingress })
        {
            await demo.Lab.ActAsync(process, LabActions.Kill, demo.Cancellation);
            await demo.Lab.ActAsync(process, LabActions.Start, demo.Cancellation);
        }
        var again = await demo.UntilAnsweredAsync(id, id);
        demo.Check(again.Replayed && DemoContext.Of(again, "transactionId") == DemoContext.Of(first, "transactionId"), $"{again.Status}, the same transaction, from the history on disk");
        await demo.CountAsync(id);
    }

    private static async Task ExpiryAsync(DemoContext demo)
    {
        var folder = Directory.CreateTempSubdirectory("lab-").FullName;
        try
        {
            var settings = new Dictionary<string, string> { ["Idempotency__KeyTtl"] = "00:00:02" };
            await using var lab = await LabSession.StartAsync(
                new LabOptions
                {
                    Ports = LabPorts.Free(), Data = folder,
                    Settings = new Dictionary<string, IReadOnlyDictionary<string, string>> { [ProcessNames.Worker] = settings, [ProcessNames.Ingress] = settings },
                },
                demo.Cancellation);
            var second = new DemoContext(lab, demo.Cancellation);
            var id = second.Id("expired");
            await second.CreateAsync(id, id);
            do
            {
                await Task.Delay(200, demo.Cancellation);
            }
            while (!await second.IsGoneAsync($"{lab.Addresses.Ingress}/idempotency-keys/{id}?operation=PaymentService/{id}/Create"));
            var again = await second.CreateAsync(id, id, DemoContext.Amount + 1);
            demo.Check(again.Status == 409, $"the record is gone; another amount under the same key: {again.Status} {DemoContext.Of(again, "code")}");
            var told = await ExpiredAsync();
            demo.Check(told is not null, $"the worker counts it: {told}");
            var charges = await second.Ledger.ChargesOfAsync(id, demo.Cancellation);
            demo.Check(charges == 1, $"charges in the gateway's ledger: {charges}");

            // Asked again: a record is gone by the clock, and counted when the payment's workflow has had its turn.
            async Task<string?> ExpiredAsync()
            {
                for (var left = 300; ; left--)
                {
                    var metrics = await lab.Http.GetStringAsync(lab.Addresses.Worker + "/metrics", demo.Cancellation);
                    var line = metrics.Split('\n').FirstOrDefault(line => line.StartsWith("idempotency_records_expired_total", StringComparison.Ordinal));
                    if (line is not null || left == 0)
                    {
                        return line;
                    }
                    await Task.Delay(200, demo.Cancellation);
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
