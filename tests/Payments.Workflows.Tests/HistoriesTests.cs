using Payments.Connection;
using Payments.Ids;
using Temporalio.Common;
using Temporalio.Exceptions;
using Temporalio.Worker;
using static Payments.Workflows.Tests.PaymentFixture;

namespace Payments.Workflows.Tests;

/// <summary>
/// Histories of earlier versions replay on this one: a worker that is updated in the middle of a payment goes on with it. The files under Data/histories are named by
/// scenario and version and never changed; <c>PAYMENTS_RECORD_HISTORIES=v2 dotnet test</c> adds those of the version that you are about to release.
/// </summary>
public class HistoriesTests
{
    private static readonly Dictionary<string, Func<PaymentFixture, string, Task<(string Name, string WorkflowId)[]>>> Scenarios = new()
    {
        ["captured"] = CapturedAsync,
        ["refunded"] = RefundedAsync,
        ["declined-then-captured"] = DeclinedThenCapturedAsync,
        ["reconciled"] = ReconciledAsync,
        ["sent-for-later"] = SentForLaterAsync,
        ["cancelled-before-its-time"] = CancelledBeforeItsTimeAsync,
        ["cancelled-in-flight"] = CancelledInFlightAsync,
        ["withdrawn"] = WithdrawnAsync,
        ["another-life"] = AnotherLifeAsync,
        ["closed"] = ClosedAsync,
    };

    public static TheoryData<string> Files() => [.. Directory.GetFiles(Histories, "*.json").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task ReplayWorkflowAsync_RecordedHistory_NoNondeterminism(string file)
    {
        (await ReplayAsync(file, await File.ReadAllTextAsync(Path.Combine(Histories, file), TestContext.Current.CancellationToken))).ShouldBeNull();
    }

    // What the test above is worth: a worker that would do something else is told so.
    [Theory]
    [InlineData("captured.v1.json", "\"FindCharge\"")]
    [InlineData("refunded-child.v1.json", "\"VoidCharge\"")]
    public async Task ReplayWorkflowAsync_OtherActivityThanRecorded_Nondeterminism(string file, string activity)
    {
        var history = await File.ReadAllTextAsync(Path.Combine(Histories, file), TestContext.Current.CancellationToken);
        var other = System.Text.RegularExpressions.Regex.Replace(history, "(\"activityType\": *\\{ *\"name\": *)\"[A-Za-z]+\"", "$1" + activity);

        other.ShouldNotBe(history);
        (await ReplayAsync(file, other)).ShouldBeOfType<WorkflowNondeterminismException>();
    }

    private static async Task<Exception?> ReplayAsync(string name, string history)
    {
        var replayer = new WorkflowReplayer(
            new WorkflowReplayerOptions
            {
                DataConverter = PaymentsConverter.Make(new Microsoft.Extensions.Configuration.ConfigurationBuilder().Build()),
                // No search for deadlocks: on a busy machine the first run of code that is still to be compiled takes more than the two seconds it may.
                DebugMode = true,
            }
                .AddWorkflow<PaymentWorkflow>().AddWorkflow<RefundWorkflow>());
        return (await replayer.ReplayWorkflowAsync(WorkflowHistory.FromJson("payment/test/" + name, history), throwOnReplayFailure: false)).ReplayFailure;
    }

    // A scenario without a recording of some version would protect nothing.
    [Fact]
    public void Files_EveryScenario_Recorded() =>
        Scenarios.Keys.Except(Directory.GetFiles(Histories, "*.json").Select(file => Path.GetFileName(file).Split('.')[0])).ShouldBeEmpty();

    [Fact]
    public async Task Record_NewVersion_AddsItsHistories()
    {
        var version = Environment.GetEnvironmentVariable("PAYMENTS_RECORD_HISTORIES");
        Assert.SkipWhen(string.IsNullOrEmpty(version), "Only when a version is about to be released: PAYMENTS_RECORD_HISTORIES=v2.");
        await using var fixture = await StartAsync();

        Directory.CreateDirectory(Histories);
        foreach (var (scenario, play) in Scenarios)
        {
            foreach (var (name, workflowId) in await play(fixture, scenario))
            {
                var history = await fixture.Client.GetWorkflowHandle(workflowId).FetchHistoryAsync();
                await File.WriteAllTextAsync(Path.Combine(Histories, $"{name}.{version}.json"), WithoutMachine(history.ToJson()) + "\n", TestContext.Current.CancellationToken);
            }
        }
    }

    private static async Task<(string, string)[]> CapturedAsync(PaymentFixture fixture, string id)
    {
        await fixture.CreateAsync(id, CreateOf(Call("k1")));
        return Payment(id);
    }

    private static async Task<(string, string)[]> RefundedAsync(PaymentFixture fixture, string id)
    {
        await fixture.CreateAsync(id, CreateOf(Call("k1")));
        await fixture.RefundAsync(id, Call("r1"), 1_000);
        await fixture.RefundAsync(id, Call("too much"), 10_000);
        await fixture.RefundAsync(id, Call("rest"));
        return [.. Payment(id), (id + "-child", PaymentIds.Refund("test", id, Call("r1").KeyHash, 0))];
    }

    private static async Task<(string, string)[]> DeclinedThenCapturedAsync(PaymentFixture fixture, string id)
    {
        await fixture.CreateAsync(id, CreateOf(Call("k1"), token: "tok_declined"));
        await fixture.CreateAsync(id, CreateOf(Call("k2")));
        return Payment(id);
    }

    private static async Task<(string, string)[]> ReconciledAsync(PaymentFixture fixture, string id)
    {
        fixture.Gateway.BlindLookups = 2;
        await fixture.CreateAsync(id, CreateOf(Call("k1"), token: "tok_500_after_charge"));
        return Payment(id);
    }

    private static async Task<(string, string)[]> SentForLaterAsync(PaymentFixture fixture, string id)
    {
        await fixture.SubmitAsync(id, CreateOf(Call("k1")), TimeSpan.FromMinutes(5));
        await fixture.Environment.DelayAsync(TimeSpan.FromMinutes(5));
        await fixture.CreateAsync(id, CreateOf(Call("k1")));
        return Payment(id);
    }

    private static async Task<(string, string)[]> CancelledBeforeItsTimeAsync(PaymentFixture fixture, string id)
    {
        await fixture.SubmitAsync(id, CreateOf(Call("k1")), TimeSpan.FromDays(1));
        await fixture.CancelAsync(id, Call("c1"));
        return Payment(id);
    }

    private static async Task<(string, string)[]> CancelledInFlightAsync(PaymentFixture fixture, string id)
    {
        fixture.Gateway.ChargesAway = int.MaxValue;
        await fixture.SubmitAsync(id, CreateOf(Call("k1")), TimeSpan.Zero);
        await fixture.UntilAsync(id, PaymentStatuses.PendingReconciliation);
        await fixture.CancelAsync(id, Call("c1"));
        fixture.Gateway.ChargesAway = 0;
        return Payment(id);
    }

    private static async Task<(string, string)[]> WithdrawnAsync(PaymentFixture fixture, string id)
    {
        await fixture.CreateAsync(id, CreateOf(Call("k1")));
        await fixture.SignalAsync(id, new Submission(null, new RefundCommand(Call("r1"), 4_000, "late"), null, TimeSpan.FromHours(1)));
        await fixture.WithdrawAsync(id, Call("r1"));
        await fixture.RefundAsync(id, Call("r1"), 4_000);
        return Payment(id);
    }

    private static async Task<(string, string)[]> AnotherLifeAsync(PaymentFixture fixture, string id)
    {
        await fixture.CreateAsync(id, CreateOf(Call("k1"), token: "tok_declined"));
        await fixture.CreateAsync(id, CreateOf(Call("k2")));
        await fixture.RefundAsync(id, Call("r1"), 4_000);
        await fixture.Payment(id).TerminateAsync("lost");
        await fixture.CreateAsync(id, CreateOf(Call("k3")));
        await fixture.RefundAsync(id, Call("r1"), 4_000);
        return Payment(id);
    }

    private static async Task<(string, string)[]> ClosedAsync(PaymentFixture fixture, string id)
    {
        await fixture.CreateAsync(id, CreateOf(Call("k1")), TimeSpan.FromDays(2));
        await fixture.ResultAsync(id, TimeSpan.FromDays(2));
        return Payment(id);
    }

    private static (string, string)[] Payment(string id) => [(id, PaymentIds.Payment("test", id))];

    // Stack traces of failures name the files of the machine on which the history was made.
    private static string WithoutMachine(string json) => json.Replace(Path.GetFullPath(Path.Combine(Folder, "..", "..")) + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);

    private static string Histories => Path.Combine(Folder, "Data", "histories");

    /// <summary>The project's folder, so that recorded files land in the repository.</summary>
    private static string Folder
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "Payments.slnx")))
                {
                    return Path.Combine(folder.FullName, "tests", "Payments.Workflows.Tests");
                }
            }
            throw new DirectoryNotFoundException("Payments.slnx is in no folder above the tests.");
        }
    }
}
