using System.Collections.Concurrent;
using System.Text.Json;
using Durable.Sdk.Tests.Live;
using Durable.Sdk.Tests.Replay;
using Interop.Golden;
using Temporalio.Client;
using Temporalio.Common;
using Temporalio.Testing;
using Temporalio.Worker;

// The recorded workflows of the SDK's tests, with whichever SDK this is built with (TemporalSdk.props).
//   run <address> <folder>     runs each on the server, leaves its history in the folder and its outcome in outcomes.json
//   replay <folder> <results>  replays the histories of the folder and leaves what came of each in the file
//   environments <executable> <results>  starts the executable as the SDK's environments do, and leaves what a workflow gives on each
var answers = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
// Of the failure when the official SDK finds no server after its five seconds.
const string TooSlow = "did not start within";
// Few at a time, and with an end: a test waits for it.
using var late = new CancellationTokenSource(TimeSpan.FromMinutes(5));
var some = new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = late.Token };
switch (args)
{
    case ["run", var address, var folder]:
        var connection = await TemporalConnection.ConnectAsync(new TemporalConnectionOptions(address));
        await Parallel.ForEachAsync(GoldenRun.All, some, async (golden, _) =>
        {
            try
            {
                var (outcome, history) = await GoldenRun.RunAsync(connection, golden);
                await File.WriteAllTextAsync(Path.Combine(folder, golden.File), history.ToJson());
                answers[golden.File] = outcome;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                answers[golden.File] = "not run: " + e;
            }
        });
        Write(Path.Combine(folder, "outcomes.json"));
        return 0;
    case ["replay", var folder, var results]:
        await Parallel.ForEachAsync(GoldenRun.All, some, async (golden, _) =>
        {
            var file = Path.Combine(folder, golden.File);
            var (failure, result) = await GoldenReplay.ReplayAsync(golden, WorkflowHistory.FromJson(golden.WorkflowId, await File.ReadAllTextAsync(file, late.Token)));
            answers[golden.File] = failure is null ? result ?? "" : $"{failure.GetType().Name}: {failure.Message}";
        });
        Write(results);
        return 0;
    case ["environments", var executable, var results]:
        try
        {
            await EnvironmentsAsync(executable);
        }
        catch (InvalidOperationException slow) when (slow.Message.Contains(TooSlow, StringComparison.Ordinal))
        {
            answers["too slow"] = slow.Message;
        }
        Write(results);
        return 0;
    default:
        await Console.Error.WriteLineAsync("usage: run <address> <folder> | replay <folder> <results> | environments <executable> <results>");
        return 1;
}

async Task EnvironmentsAsync(string executable)
{
    await using (var local = await StartedAsync(() => WorkflowEnvironment.StartLocalAsync(new()
    {
        SearchAttributes = GoldenRun.SearchAttributes, DevServerOptions = new() { ExistingPath = executable },
    })))
    {
        (answers["local"], _) = await GoldenRun.RunAsync(local.Client.Connection, GoldenHistories.Find("MemoAndSearchAttributes.plain.json"));
    }
    await using (var skipping = await StartedAsync(() => WorkflowEnvironment.StartTimeSkippingAsync(new() { TestServer = new() { ExistingPath = executable } })))
    {
        using var worker = new TemporalWorker(
            skipping.Client, new TemporalWorkerOptions("naps").AddWorkflow<Nap>().AddAllActivities(new Nap.Sleeper(skipping)));
        answers["skipping"] = await worker.ExecuteAsync(
            () => skipping.Client.ExecuteWorkflowAsync((Nap nap) => nap.RunAsync(), new WorkflowOptions("nap", "naps"))).WaitAsync(late.Token);
    }
}

// The official SDK gives a server five seconds to start, and a busy machine takes longer: then again, for two minutes.
static async Task<WorkflowEnvironment> StartedAsync(Func<Task<WorkflowEnvironment>> start)
{
    using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
    while (true)
    {
        try
        {
            return await start();
        }
        catch (InvalidOperationException slow) when (slow.Message.Contains(TooSlow, StringComparison.Ordinal) && !patience.IsCancellationRequested)
        {
            // The server was ended; the next one has a port of its own.
        }
    }
}

void Write(string file) => File.WriteAllText(file, JsonSerializer.Serialize(answers));
