using System.Globalization;
using Durable.Protocol;
using Durable.Protocol.InProcess;
using Durable.Server.Storage;
using Durable.Server.Tests.Engine;

namespace Durable.Server.Tests.Simulation;

// Aim: whatever the network and the machine do, what was acknowledged is never lost, an activity's result is never applied twice, and every
// execution ends. Method: clients, workers and server in this process; the seed chooses what is lost or repeated, when writes fail and when the server
// crashes. A crash cuts the server off from its store at that moment; the next one starts on what the store has.
public class SimulationTests
{
    private const int Workflows = 60;
    private const int Crashes = 8;

    public static TheoryData<int> Seeds =>
        Environment.GetEnvironmentVariable("DURABLE_SEED") is { } only ? [int.Parse(only, CultureInfo.InvariantCulture)] : [.. Enumerable.Range(1, 12)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Everything_FailsAtTimes_NothingAcknowledgedIsLost(int seed)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        try
        {
            await PlayAsync(seed, deadline.Token);
        }
        catch (Exception failed)
        {
            throw new InvalidOperationException(
                $"seed {seed} failed; repeat it with: DURABLE_SEED={seed} dotnet test engine/tests/Durable.Server.Tests --filter FullyQualifiedName~SimulationTests", failed);
        }
    }

    private static async Task PlayAsync(int seed, CancellationToken deadline)
    {
        var random = new Random(seed);
        var memory = new MemoryStore();
        var clock = new FastClock();
        var (server, store) = await StartAsync(memory, clock, seed);
        RpcTransport transport = new FlakyTransport(new InProcessTransport(server.Router), seed);
        var workload = new Workload(() => Volatile.Read(ref transport));
        using var workersEnd = CancellationTokenSource.CreateLinkedTokenSource(deadline);
        var workers = Enumerable.Range(0, 3).SelectMany(_ => new[] { workload.DecideAsync(workersEnd.Token), workload.ActAsync(workersEnd.Token) }).ToArray();
        var clients = Task.WhenAll(Enumerable.Range(0, Workflows).Select(i => Task.Run(() => workload.RunWorkflowAsync($"workflow-{i}", deadline), deadline)));
        for (var crash = 1; crash <= Crashes && !clients.IsCompleted; crash++)
        {
            await Task.WhenAny(clients, Task.Delay(random.Next(10, 150), deadline));
            store.Cut();
            // The connection breaks: who waits for an answer gets none.
            await transport.DisposeAsync();
            await server.DisposeAsync();
            (server, store) = await StartAsync(memory, clock, seed + (crash * 1000));
            Volatile.Write(ref transport, new FlakyTransport(new InProcessTransport(server.Router), seed + (crash * 1000)));
        }
        await clients;
        await workersEnd.CancelAsync();
        await Task.WhenAll(workers);
        await workload.CheckAsync(deadline);
        workload.Acknowledged.ShouldBeGreaterThanOrEqualTo(Workflows * 4);
        await server.DisposeAsync();
    }

    private static async Task<(DurableServer Server, FaultyStore Store)> StartAsync(MemoryStore memory, TimeProvider clock, int seed)
    {
        var random = new Random(seed);
        var store = new FaultyStore(memory)
        {
            Fails = transaction =>
            {
                lock (random)
                {
                    return transaction.Runs.Count > 0 && random.Next(50) == 0;
                }
            },
        };
        return (await DurableServer.StartAsync(new DurableServerOptions { Store = store, Clock = clock }), store);
    }
}
