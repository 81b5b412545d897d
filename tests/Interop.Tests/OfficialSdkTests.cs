using Durable.Sdk.Tests.Live;

namespace Interop.Tests;

/// <summary>Temporal's own .NET SDK and this repository's, side by side: the same code on the same server, and each other's histories.</summary>
public sealed class OfficialSdkTests(GoldenPrograms programs) : IClassFixture<GoldenPrograms>
{
    // Its replay in both SDKs tells a time-out without the activity around it.
    private static readonly string[] OtherInReplay = ["LocalActivityFails"];

    [Fact]
    public void Run_WithEitherSdk_GivesTheSameResultsAndEvents()
    {
        Assert.SkipWhen(programs.Absent is not null, programs.Absent ?? "");

        programs.Official.Outcomes.Keys.ShouldBe(programs.Ours.Outcomes.Keys, ignoreOrder: true);
        programs.Official.Outcomes.Count.ShouldBeGreaterThanOrEqualTo(60);
        programs.Official.Outcomes.Concat(programs.Ours.Outcomes).Where(static outcome => outcome.Value.StartsWith("not run", StringComparison.Ordinal)).ShouldBeEmpty();
        Differing(file => OwnWays.Is([.. OwnWays.Results, .. OwnWays.Races], file) || programs.Official.Outcomes[file] == programs.Ours.Outcomes[file]).ShouldBeEmpty();
        Differing(file => OwnWays.Is([.. OwnWays.Events, .. OwnWays.Races], file) || Shapes(programs.Official, file).SequenceEqual(Shapes(programs.Ours, file))).ShouldBeEmpty();
    }

    [Fact]
    public void Replay_OfOurHistories_FitsInBothSdksAndGivesTheResult() => Replays(() => programs.Ours);

    [Fact]
    public void Replay_OfOfficialHistories_FitsInBothSdksAndGivesTheResult() => Replays(() => programs.Official);

    [Fact]
    public void Environments_OnTheServersExecutable_TakeSearchAttributesAndSkipTime()
    {
        Assert.SkipWhen(programs.Absent is not null, programs.Absent ?? "");

        // It gives a server five seconds to start.
        Assert.SkipWhen(programs.Official.Environments.ContainsKey("too slow"), "This machine is too busy for the environments of the official SDK.");
        programs.Official.Environments["skipping"].ShouldBe("24 h, Heartbeat");
        programs.Official.Environments["local"].ShouldBe(programs.Official.Outcomes["MemoAndSearchAttributes.plain.json"]);
        programs.Ours.Environments.ShouldBe(programs.Official.Environments, ignoreOrder: true);
    }

    private void Replays(Func<GoldenHistories> made)
    {
        Assert.SkipWhen(programs.Absent is not null, programs.Absent ?? "");
        var histories = made();

        Differing(file => histories.WithOurs[file] == histories.WithOfficial[file]).ShouldBeEmpty();
        // Nothing is returned by a run that failed, in the replay as in life.
        Differing(file => OwnWays.Is(OtherInReplay, file) || histories.WithOurs[file] == "" || histories.WithOurs[file] == histories.Outcomes[file]).ShouldBeEmpty();
    }

    private IEnumerable<string> Differing(Func<string, bool> same) => programs.Official.Outcomes.Keys.Where(file => !same(file));

    private static IReadOnlyList<string> Shapes(GoldenHistories made, string file) => EventShapes.Of(made.Histories[file], !OwnWays.Is(OwnWays.Results, file));
}
