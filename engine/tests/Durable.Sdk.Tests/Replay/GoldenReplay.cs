using System.Text.Json;
using Temporalio.Common;
using Temporalio.Converters;
using Temporalio.Worker;

namespace Durable.Sdk.Tests.Replay;

/// <summary>The replayer with what a recorded workflow needs.</summary>
internal static class GoldenReplay
{
    /// <returns>What the replayer says against the history, and what the workflow returned as JSON; each null where there is none.</returns>
    public static async Task<(Exception? Failure, string? Result)> ReplayAsync(GoldenHistory golden, WorkflowHistory history)
    {
        var catcher = new ResultCatcher();
        var replayed = await new WorkflowReplayer(Options(golden, golden.Class, catcher)).ReplayWorkflowAsync(history, throwOnReplayFailure: false);
        return (replayed.ReplayFailure,
            !catcher.HasResult ? null : catcher.Result is null or RawValue or IRawValue ? "\"<binary/null>\"" : JsonSerializer.Serialize(catcher.Result));
    }

    public static WorkflowReplayerOptions Options(GoldenHistory golden, string type, ResultCatcher catcher)
    {
        // DebugMode: what a history is about is its events, not how long a busy machine takes for one activation.
        var options = new WorkflowReplayerOptions { Namespace = "default", Interceptors = [catcher], DebugMode = true }.AddWorkflow(GoldenHistories.TypeOf(type));
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
