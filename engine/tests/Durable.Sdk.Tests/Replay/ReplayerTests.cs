using System.Text.RegularExpressions;
using Temporalio.Common;
using Temporalio.Exceptions;
using Temporalio.Worker;

namespace Durable.Sdk.Tests.Replay;

/// <summary>What a replayer does beside replaying.</summary>
public partial class ReplayerTests
{
    private const string File = "ActivityOnce.plain.json";

    [Fact]
    public async Task Code_ThatBlocksItsThread_IsGivenUp()
    {
        try
        {
            var result = await new WorkflowReplayer(new WorkflowReplayerOptions().AddWorkflow<Blocks>())
                .ReplayWorkflowAsync(GoldenHistories.Find(File).Load(), throwOnReplayFailure: false).WaitAsync(Samples.SampleWorker.Patience);

            result.ReplayFailure.ShouldBeOfType<InvalidWorkflowOperationException>().Message.ShouldContain("[TMPRL1101] Workflow with run ID ");
        }
        finally
        {
            Blocks.Gate.Set();
        }
    }

    /// <summary>The forms of enum values that tools and SDKs write.</summary>
    [Theory]
    [InlineData("screaming")]
    [InlineData("camel")]
    [InlineData("written again")]
    public async Task History_InEachFormOfJson_IsTheSame(string form)
    {
        var golden = GoldenHistories.Find(File);
        var json = System.IO.File.ReadAllText(Path.Combine(GoldenHistories.Folder, "histories", File));
        json.ShouldContain("EVENT_TYPE_ACTIVITY_TASK_SCHEDULED");
        if (form == "camel")
        {
            json = EnumValue().Replace(json, static match => $"\"{string.Concat(match.Groups["value"].Value.Split('_').Select(static word => word[..1] + word[1..].ToLowerInvariant()))}\"");
            json.ShouldContain("\"ActivityTaskScheduled\"");
        }
        var history = WorkflowHistory.FromJson(golden.WorkflowId, form == "written again" ? golden.Load().ToJson() : json);

        history.Events.ShouldBe(golden.Load().Events);
        history.Id.ShouldBe(golden.WorkflowId);
        await new WorkflowReplayer(GoldenReplay.Options(golden, golden.Class, new ResultCatcher())).ReplayWorkflowAsync(history);
    }

    [Fact]
    public async Task Several_OneFails_ThrowsOrGoesOn_AsAsked()
    {
        var golden = GoldenHistories.Find(File);
        var replayer = new WorkflowReplayer(new WorkflowReplayerOptions { DebugMode = true }.AddWorkflow(GoldenHistories.TypeOf(golden.Class)));
        WorkflowHistory[] histories = [golden.Load(), GoldenHistories.Find("TimerOnce.plain.json").Load(), golden.Load()];

        var results = (await replayer.ReplayWorkflowsAsync(histories)).ToArray();

        results.Select(static result => result.ReplayFailure is null).ShouldBe([true, false, true]);
        results[1].History.ShouldBeSameAs(histories[1]);
        results[1].ReplayFailure!.Message.ShouldContain("Workflow type TimerOnce is not registered on this worker");
        await Should.ThrowAsync<InvalidWorkflowOperationException>(() => replayer.ReplayWorkflowsAsync(histories, throwOnReplayFailure: true));
        await Should.ThrowAsync<InvalidWorkflowOperationException>(() => replayer.ReplayWorkflowAsync(histories[1]));
    }

    [GeneratedRegex("\"(?:EVENT_TYPE|TASK_QUEUE_KIND|RETRY_STATE|WORKFLOW_ID_REUSE_POLICY)_(?<value>[A-Z_]+)\"")]
    private static partial Regex EnumValue();
}
