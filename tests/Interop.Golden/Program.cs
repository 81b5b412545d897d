using System.Collections.Concurrent;
using System.Text.Json;
using Durable.Sdk.Tests.Live;
using Durable.Sdk.Tests.Replay;
using Temporalio.Client;
using Temporalio.Common;

// The recorded workflows of the SDK's tests, with whichever SDK this is built with (TemporalSdk.props).
//   run <address> <folder>     runs each on the server, leaves its history in the folder and its outcome in outcomes.json
//   replay <folder> <results>  replays the histories of the folder and leaves what came of each in the file
var answers = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
// Few at a time, and with an end: a test waits for it.
using var late = new CancellationTokenSource(TimeSpan.FromMinutes(5));
var some = new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = late.Token };
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
    default:
        await Console.Error.WriteLineAsync("usage: run <address> <folder> | replay <folder> <results>");
        return 1;
}

void Write(string file) => File.WriteAllText(file, JsonSerializer.Serialize(answers));
