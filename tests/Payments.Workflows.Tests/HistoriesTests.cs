using Payments.Connection;
using Temporalio.Common;
using Temporalio.Worker;
using static Payments.Workflows.Tests.PaymentFixture;

namespace Payments.Workflows.Tests;

/// <summary>
/// Histories of earlier versions replay on this one: a worker that is updated in the middle of a payment goes on with it. The files under Data/histories are named by
/// scenario and version and never changed; <c>PAYMENTS_RECORD_HISTORIES=v2 dotnet test</c> adds those of the version that you are about to release.
/// </summary>
public class HistoriesTests
{
    public static TheoryData<string> Files() => [.. Directory.GetFiles(Path.Combine(Folder, "Data", "histories"), "*.json").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task ReplayWorkflowAsync_RecordedHistory_NoNondeterminism(string file)
    {
        var history = WorkflowHistory.FromJson(
            "payment/test/" + file, await File.ReadAllTextAsync(Path.Combine(Folder, "Data", "histories", file), TestContext.Current.CancellationToken));
        var replayer = new WorkflowReplayer(new WorkflowReplayerOptions { DataConverter = PaymentsConverter.Make(new Microsoft.Extensions.Configuration.ConfigurationBuilder().Build()) }
            .AddWorkflow<PaymentWorkflow>().AddWorkflow<RefundWorkflow>());

        (await replayer.ReplayWorkflowAsync(history)).ReplayFailure.ShouldBeNull();
    }

    [Fact]
    public async Task Record_NewVersion_AddsItsHistories()
    {
        var version = Environment.GetEnvironmentVariable("PAYMENTS_RECORD_HISTORIES");
        Assert.SkipWhen(string.IsNullOrEmpty(version), "Only when a version is about to be released: PAYMENTS_RECORD_HISTORIES=v2.");
        await using var fixture = await StartAsync();

        await fixture.CreateAsync("captured", CreateOf(Call("k1")));
        await fixture.RefundAsync("captured", Call("r1"), 1_000);
        await fixture.CreateAsync("declined-then-captured", CreateOf(Call("k1"), token: "tok_declined"));
        await fixture.CreateAsync("declined-then-captured", CreateOf(Call("k2")));
        fixture.Gateway.BlindLookups = 2;
        await fixture.CreateAsync("reconciled", CreateOf(Call("k1"), token: "tok_500_after_charge"));
        await fixture.SubmitAsync("delayed", CreateOf(Call("k1")), TimeSpan.FromMinutes(5));
        await fixture.CreateAsync("delayed", CreateOf(Call("k1")));
        await fixture.SubmitAsync("cancelled", CreateOf(Call("k1")), TimeSpan.FromDays(1));
        await fixture.CancelAsync("cancelled", Call("c1"));

        foreach (var id in new[] { "captured", "declined-then-captured", "reconciled", "delayed", "cancelled" })
        {
            var history = await fixture.Payment(id).FetchHistoryAsync();
            await File.WriteAllTextAsync(Path.Combine(Folder, "Data", "histories", $"{id}.{version}.json"), history.ToJson() + "\n", TestContext.Current.CancellationToken);
        }
    }

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
