using System.Text.Json;
using Temporalio.Worker;

namespace Durable.Sdk.Tests.Replay;

public class GoldenReplayTests
{
    /// <summary>Replays as it ran, as the official SDK does by now; the recorder's replayed local activities in the order in which they were asked for.</summary>
    private const string ReplaysAsItRan = "LocalActivitiesMixed.plain.json";

    public static TheoryData<string> Histories => [.. GoldenHistories.All.Select(history => history.File)];

    public static TheoryData<string, string> Changes
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var change in GoldenHistories.Changes)
            {
                rows.Add(change.File, change.Class);
            }
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Histories))]
    public async Task Replay_RecordedHistory_FitsAndGivesTheRecordedResult(string file)
    {
        var golden = GoldenHistories.Find(file);

        var (failure, result) = await GoldenReplay.ReplayAsync(golden, golden.Load());

        failure.ShouldBeNull();
        if ((file == ReplaysAsItRan ? golden.Result : golden.ReplayResult ?? golden.Result) is { ValueKind: not JsonValueKind.Null } expected && golden.Status == "Completed")
        {
            result.ShouldNotBeNull();
            JsonElement.DeepEquals(JsonDocument.Parse(result).RootElement, expected).ShouldBeTrue($"recorded {expected.GetRawText()}{Environment.NewLine}replayed {result}");
        }
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Replay_OtherCode_FailsAsTheOfficialReplayerDoes(string file, string type)
    {
        var golden = GoldenHistories.Find(file);
        var change = GoldenHistories.Changes.Single(change => change.File == file && change.Class == type);
        var replayer = new WorkflowReplayer(GoldenReplay.Options(golden, type, new ResultCatcher()));

        var result = await replayer.ReplayWorkflowAsync(golden.Load(), throwOnReplayFailure: false);

        result.ReplayFailure?.GetType().FullName.ShouldBe(change.Exception);
        (result.ReplayFailure is null).ShouldBe(change.Exception is null);
        if (change.Message is { } message)
        {
            // The stack trace of a bug in the code names the SDK's own methods.
            WithoutStackTrace(result.ReplayFailure!.Message).ShouldBe(WithoutStackTrace(message));
        }
    }

    private static string WithoutStackTrace(string message) =>
        System.Text.RegularExpressions.Regex.Replace(message, "stack_trace: \"[^\"]*\"", "stack_trace: \"\"");
}
