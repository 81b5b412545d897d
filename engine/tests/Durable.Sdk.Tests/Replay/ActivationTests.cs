using System.Text.RegularExpressions;
using Temporalio.Worker;
using Temporalio.Worker.Internal.Commands;
using Temporalio.Worker.Internal.Jobs;

namespace Durable.Sdk.Tests.Replay;

/// <summary>
/// The official core cuts a history into activations. Aim: ours cuts at the same places, with the same jobs in the same order, and code answers with the same commands.
/// Method: what passed between core and language layer in the official replayer (<c>Golden/activations</c>), against what passes between ours.
/// </summary>
public partial class ActivationTests
{
    /// <summary>
    /// Code that leaves its scheduler: the official replayer did not see it in its last task, ours does. And local activities that ended in another order than that in
    /// which they were asked for: they do again, with later official SDKs too.
    /// </summary>
    private static readonly string[] Otherwise = ["UsesSystemTimer.task-failed.json", "UsesThreadPool.task-failed.json", "LocalActivitiesMixed.plain.json"];

    public static TheoryData<string> Histories => [.. GoldenHistories.All.Where(static golden => !Otherwise.Contains(golden.File)).Select(static golden => golden.File)];

    [Theory]
    [MemberData(nameof(Histories))]
    public async Task Replay_PassesTheSameJobsAndCommands(string file)
    {
        var golden = GoldenHistories.Find(file);
        var replayer = new WorkflowReplayer(GoldenReplay.Options(golden, golden.Class, new ResultCatcher()));
        var passed = new List<string>();
        replayer.Environment.OnActivated = (activation, commands) =>
        {
            passed.Add($"> {activation.HistoryLength} {activation.Time:O}: {string.Join(" | ", activation.Jobs.Select(Job))}");
            passed.Add($"< {string.Join(" | ", commands.Select(Command))}");
        };

        await replayer.ReplayWorkflowAsync(golden.Load(), throwOnReplayFailure: false);

        passed.ShouldBe(Recorded(Path.Combine(GoldenHistories.Folder, "activations", Path.GetFileNameWithoutExtension(file) + ".txt")));
    }

    private static List<string> Recorded(string path)
    {
        var lines = new List<string>();
        foreach (var line in File.ReadLines(path))
        {
            if (ActivationLine().Match(line) is { Success: true } activation)
            {
                lines.Add($"> {activation.Groups["length"].Value} {Time(activation.Groups["time"].Value):O}: {string.Join(" | ", Items(activation.Groups["jobs"].Value))}");
            }
            else if (line.StartsWith("< FAILED", StringComparison.Ordinal))
            {
                lines.RemoveAt(lines.Count - 1);
            }
            else if (line.StartsWith("<", StringComparison.Ordinal))
            {
                lines.Add($"< {string.Join(" | ", Items(UsedFlags().Replace(line[1..], "").Trim()))}");
            }
        }
        return lines;
    }

    // .NET has time in steps of 100 ns.
    private static DateTime Time(string text) =>
        DateTime.Parse(text.Length > 27 ? text[..27] + "Z" : text + "Z", null, System.Globalization.DateTimeStyles.RoundtripKind);

    // Name and number of each; what they carry is held against the events elsewhere.
    private static IEnumerable<string> Items(string text) =>
        Item().Matches(text).Select(static item =>
        {
            var name = item.Groups["name"].Value;
            var rest = item.Groups["rest"].Value;
            var key = Key().Match(rest).Groups["key"].Value;
            var kind = name == "resolveActivity" ? $" {ResultKind().Match(rest).Groups["kind"].Value}"
                : name == "updateResponse" ? $" {UpdateKind().Match(rest).Value}" : "";
            return $"{name} {key}{kind}".Trim();
        });

    private static string Job(ActivationJob job) => job switch
    {
        InitializeJob initialize => $"initializeWorkflow {initialize.Seed}",
        NotifyHasPatchJob patch => $"notifyHasPatch {patch.PatchId}",
        UpdateRandomSeedJob seed => $"updateRandomSeed {seed.Seed}",
        SignalJob signal => $"signalWorkflow {signal.Name}",
        UpdateJob update => $"doUpdate {update.Id}",
        CancelJob => "cancelWorkflow",
        FireTimerJob timer => $"fireTimer {timer.Seq}",
        ResolveActivityJob activity => $"resolveActivity {activity.Seq} {KindOf(activity.Resolution)}",
        ResolveChildStartJob child => $"resolveChildWorkflowExecutionStart {child.Seq}",
        ResolveChildJob child => $"resolveChildWorkflowExecution {child.Seq}",
        ResolveSignalJob signal => $"resolveSignalExternalWorkflow {signal.Seq}",
        ResolveCancelExternalJob cancel => $"resolveRequestCancelExternalWorkflow {cancel.Seq}",
        _ => job.GetType().Name,
    };

    private static string KindOf(ActivityResolution resolution) =>
        resolution.Backoff is not null ? "backoff"
        : resolution.Failure is not { } failure ? "completed"
        : (failure.Cause ?? failure).CanceledFailureInfo is not null ? "cancelled"
        : "failed";

    private static string Command(WorkflowCommand command) => command switch
    {
        AcceptUpdateCommand accept => $"updateResponse {accept.ProtocolInstanceId} accepted",
        CompleteUpdateCommand complete => $"updateResponse {complete.ProtocolInstanceId} completed",
        RejectUpdateCommand reject => $"updateResponse {reject.ProtocolInstanceId} rejected",
        CancelActivityCommand cancel => $"requestCancelActivity {cancel.Seq}",
        CancelLocalActivityCommand cancel => $"requestCancelLocalActivity {cancel.Seq}",
        CancelChildWorkflowCommand cancel => $"cancelChildWorkflowExecution {cancel.Seq}",
        CancelExternalWorkflowCommand cancel => $"requestCancelExternalWorkflowExecution {cancel.Seq}",
        CancelTimerCommand cancel => $"cancelTimer {cancel.Seq}",
        CancelWorkflowCommand => "cancelWorkflowExecution",
        CompleteWorkflowCommand => "completeWorkflowExecution",
        ContinueAsNewCommand => "continueAsNewWorkflowExecution",
        FailWorkflowCommand => "failWorkflowExecution",
        ModifyPropertiesCommand => "modifyWorkflowProperties",
        ScheduleActivityCommand activity => $"scheduleActivity {activity.Seq}",
        ScheduleLocalActivityCommand activity => $"scheduleLocalActivity {activity.Request.Seq}",
        SetPatchMarkerCommand patch => $"setPatchMarker {patch.PatchId}",
        SignalExternalWorkflowCommand signal => $"signalExternalWorkflowExecution {signal.Seq}",
        StartChildWorkflowCommand child => $"startChildWorkflowExecution {child.Seq}",
        StartTimerCommand timer => $"startTimer {timer.Seq}",
        UpsertSearchAttributesCommand => "upsertWorkflowSearchAttributes",
        _ => command.GetType().Name,
    };

    [GeneratedRegex(@"^> replaying=(?:yes|no) historyLength=(?<length>\d+) time=(?<time>\S+?)Z?(?: flags=\[[\d,]*\])?(?: continueAsNewSuggested)?(?: \S+=\S+)*: (?<jobs>.*)$")]
    private static partial Regex ActivationLine();

    [GeneratedRegex(@"(?:^|\| )(?<name>[a-zA-Z]+)(?<rest>(?:\((?>[^()]+|\((?<depth>)|\)(?<-depth>))*(?(depth)(?!))\))?)")]
    private static partial Regex Item();

    [GeneratedRegex(@"\b(?:seq|childWorkflowSeq|patchId|signalName|id|protocolInstanceId|randomnessSeed)=(?<key>[^ )]+)")]
    private static partial Regex Key();

    [GeneratedRegex(@"result\[(?<kind>[a-zA-Z]+)")]
    private static partial Regex ResultKind();

    [GeneratedRegex("accepted|completed|rejected")]
    private static partial Regex UpdateKind();

    [GeneratedRegex(@"usedFlags=\[[\d,]*\]")]
    private static partial Regex UsedFlags();
}
