using System.Text;
using System.Text.Json.Nodes;
using Payments.Lab;
using Payments.Lab.Processes;
using Payments.Lab.Traffic;

namespace Payments.EndToEnd.Tests;

/// <summary>An encryption key is replaced while payments written with the old one live on: three lives of one lab on one folder, each with other keys.</summary>
public sealed class KeyRotationTests : IDisposable
{
    private static readonly (string Id, byte Fill) Old = ("old", 1), New = ("new", 2);

    private readonly string folder = Directory.CreateTempSubdirectory("lab-").FullName;
    private readonly HttpClient http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromSeconds(1) }) { Timeout = TimeSpan.FromSeconds(100) };

    [Fact]
    public async Task Rotation_OldPaymentsAreReadAndContinuedAndNewOnesUseTheNewKeyAlone()
    {
        await using (var lab = await StartAsync(Old))
        {
            (await Caller(lab).CreateAsync("before", "before", 10_000)).Status.ShouldBe(201);
            (await KeysOfAsync(lab, "before")).ShouldBe(["old"]);
        }
        await using (var lab = await StartAsync(New, Old))
        {
            var replay = await Caller(lab).CreateAsync("before", "before", 10_000);
            (replay.Status, replay.Replayed).ShouldBe((200, true), replay.Body);
            (await RefundAsync(lab, "before", 4_000)).Status.ShouldBe(201);
            (await Caller(lab).CreateAsync("after", "after", 10_000)).Status.ShouldBe(201);
            (await KeysOfAsync(lab, "before")).ShouldBe(["new", "old"], ignoreOrder: true);
            (await KeysOfAsync(lab, "after")).ShouldBe(["new"]);
        }
        // The old key is taken away too early: its payments say so and move no money; those of the new key go on.
        await using (var lab = await StartAsync(TimeSpan.FromSeconds(2), New))
        {
            (await LabFixture.UntilAnsweredAsync("after", _ => Caller(lab).CreateAsync("after", "after", 10_000))).Status.ShouldBe(200);
            (await RefundAsync(lab, "before", 1_000)).Retry.ShouldBeTrue();
            (await Caller(lab).CreateAsync("before", "before", 10_000)).Retry.ShouldBeTrue();
        }
        // And given back.
        await using (var lab = await StartAsync(New, Old))
        {
            var refund = await LabFixture.UntilAnsweredAsync("the refund", _ => RefundAsync(lab, "before", 1_000));
            refund.Paid.ShouldBeTrue(refund.Body);
            var ledger = new Ledger(http, lab.Addresses.Gateway);
            (await ledger.ChargesOfAsync("before"), await ledger.ChargesOfAsync("after")).ShouldBe((1, 1));
            var money = JsonNode.Parse(await http.GetStringAsync(lab.Addresses.Gateway + "/payments/before"))!;
            money["refunded"]!.GetValue<long>().ShouldBe(5_000);
        }
    }

    public void Dispose()
    {
        http.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private Task<RunningLab> StartAsync(params (string Id, byte Fill)[] keys) => StartAsync(TimeSpan.FromSeconds(30), keys);

    /// <param name="wait">How long a call waits for its outcome.</param>
    /// <param name="keys">The first one encrypts.</param>
    private Task<RunningLab> StartAsync(TimeSpan wait, params (string Id, byte Fill)[] keys)
    {
        var settings = keys.ToDictionary(key => "Encryption__Keys__" + key.Id, key => Convert.ToBase64String([.. Enumerable.Repeat(key.Fill, 32)]));
        settings["Encryption__ActiveKey"] = keys[0].Id;
        settings["Idempotency__WaitDefault"] = wait.ToString();
        return RunningLab.StartAsync(new LabOptions
        {
            Ports = LabPorts.Free(),
            Data = folder,
            ReadyWithin = TimeSpan.FromMinutes(2),
            Settings = new Dictionary<string, IReadOnlyDictionary<string, string>> { [ProcessNames.Worker] = settings, [ProcessNames.Ingress] = settings },
        });
    }

    private PaymentCaller Caller(RunningLab lab) => new(http, lab.Addresses.Ingress);

    private Task<PaymentAnswer> RefundAsync(RunningLab lab, string id, long amount) =>
        Caller(lab).PostAsync($"/PaymentService/{id}/Refund", $"{id}-{amount}", $$"""{"amount":{{amount}}}""");

    /// <summary>Ids of the keys with which the history's payloads are encrypted. A payload in the clear would be there as "plain".</summary>
    private async Task<IReadOnlyCollection<string>> KeysOfAsync(RunningLab lab, string id)
    {
        var history = JsonNode.Parse(await http.GetStringAsync(
            $"{lab.Addresses.ServerWeb}/api/v1/namespaces/default/workflows/{Uri.EscapeDataString("payment/default/" + id)}/history"))!;
        var keys = new HashSet<string>();
        Collect(history, keys);
        return keys;
    }

    private static void Collect(JsonNode? node, HashSet<string> keys)
    {
        switch (node)
        {
            case JsonArray items:
                foreach (var item in items)
                {
                    Collect(item, keys);
                }
                break;
            case JsonObject payload when payload["metadata"] is JsonObject metadata && payload.ContainsKey("data"):
                // Search attributes name their type; they stay readable, because the engine compares them.
                if (!metadata.ContainsKey("type"))
                {
                    keys.Add(metadata["encryption-key-id"] is { } key ? Encoding.UTF8.GetString(Convert.FromBase64String(key.GetValue<string>())) : "plain");
                }
                break;
            case JsonObject members:
                foreach (var (_, member) in members)
                {
                    Collect(member, keys);
                }
                break;
        }
    }
}
