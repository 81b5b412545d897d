using System.Text.Json;
using Temporalio.Converters;
using Temporalio.Worker;
using Temporalio.Workflows;

namespace Durable.Sdk.Tests.Replay;

public class GoldenReplayTests
{
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
        var catcher = new ResultCatcher();
        var replayer = new WorkflowReplayer(Options(golden, golden.Class, catcher));

        var result = await replayer.ReplayWorkflowAsync(golden.Load(), throwOnReplayFailure: false);

        result.ReplayFailure.ShouldBeNull();
        if ((golden.ReplayResult ?? golden.Result) is { ValueKind: not JsonValueKind.Null } expected && golden.Status == "Completed")
        {
            catcher.HasResult.ShouldBeTrue();
            var actual = catcher.Result is RawValue or IRawValue ? "\"<binary/null>\"" : JsonSerializer.Serialize(catcher.Result);
            if (catcher.Result is null)
            {
                actual = "\"<binary/null>\"";
            }
            JsonElement.DeepEquals(JsonDocument.Parse(actual).RootElement, expected)
                .ShouldBeTrue($"recorded {expected.GetRawText()}{Environment.NewLine}replayed {actual}");
        }
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Replay_OtherCode_FailsAsTheOfficialReplayerDoes(string file, string type)
    {
        var golden = GoldenHistories.Find(file);
        var change = GoldenHistories.Changes.Single(change => change.File == file && change.Class == type);
        var replayer = new WorkflowReplayer(Options(golden, type, new ResultCatcher()));

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

    internal static WorkflowReplayerOptions Options(GoldenHistory golden, string type, ResultCatcher catcher)
    {
        var options = new WorkflowReplayerOptions { Namespace = "default", Interceptors = [catcher] }.AddWorkflow(GoldenHistories.TypeOf(type));
        if (golden.HasOption("codec"))
        {
            options.DataConverter = DataConverter.Default with
            {
                PayloadCodec = new Golden.ReversingCodec(),
                FailureConverter = new DefaultFailureConverter.WithEncodedCommonAttributes(),
            };
        }
        if (golden.Options?.FirstOrDefault(option => option.StartsWith("worker-failure-types:", StringComparison.Ordinal)) is { } types)
        {
            options.WorkflowFailureExceptionTypes = [Type.GetType(types.Split(':')[1], throwOnError: true)!];
        }
        return options;
    }
}
