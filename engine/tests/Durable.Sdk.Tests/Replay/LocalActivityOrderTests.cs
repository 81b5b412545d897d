using System.Text.Json;
using System.Text.Json.Nodes;
using Temporalio.Client;
using Temporalio.Common;
using Temporalio.Testing;
using Temporalio.Worker;

namespace Durable.Sdk.Tests.Replay;

/// <summary>Local activities of one workflow task leave nothing but their markers. Aim: code sees them end in a replay as it did at first.</summary>
public class LocalActivityOrderTests
{
    private const string Lived = "quick; quick, slow";

    [Fact]
    public async Task Replay_TheLaterOneEndedFirst_DoesAgain()
    {
        var history = await LiveAsync();

        (await ReplayAsync(history)).ShouldBe(Lived);
    }

    /// <summary>Markers of older SDKs do not say in which activation code saw the result, only their order does.</summary>
    [Fact]
    public async Task Replay_MarkersWithoutActivation_KeepTheirOrder()
    {
        var history = JsonNode.Parse((await LiveAsync()).ToJson())!;
        foreach (var marker in history["events"]!.AsArray().Select(static e => e!["markerRecordedEventAttributes"]).OfType<JsonNode>())
        {
            var payload = marker["details"]!["data"]!["payloads"]![0]!;
            var data = JsonNode.Parse(Convert.FromBase64String(payload["data"]!.GetValue<string>()))!.AsObject();
            data.Remove("activation_index").ShouldBeTrue();
            payload["data"] = Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(data));
        }

        (await ReplayAsync(WorkflowHistory.FromJson("race", history.ToJsonString()))).ShouldBe(Lived);
    }

    private static async Task<WorkflowHistory> LiveAsync()
    {
        await using var environment = await WorkflowEnvironment.StartLocalAsync();
        using var worker = new TemporalWorker(environment.Client, new TemporalWorkerOptions("race").AddAllActivities(new LocalRace.Gate()).AddWorkflow<LocalRace>());
        return await worker.ExecuteAsync(async () =>
        {
            var handle = await environment.Client.StartWorkflowAsync((LocalRace race) => race.RunAsync(), new WorkflowOptions("race", "race"));
            (await handle.GetResultAsync()).ShouldBe(Lived);
            return await handle.FetchHistoryAsync();
        });
    }

    private static async Task<object?> ReplayAsync(WorkflowHistory history)
    {
        var catcher = new ResultCatcher();
        await new WorkflowReplayer(new WorkflowReplayerOptions { Interceptors = [catcher], DebugMode = true }.AddWorkflow<LocalRace>()).ReplayWorkflowAsync(history);
        return catcher.Result;
    }
}
