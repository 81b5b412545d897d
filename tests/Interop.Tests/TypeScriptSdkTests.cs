namespace Interop.Tests;

/// <summary>
/// The genuine TypeScript SDK, client and worker, against the embedded server: all scenarios run once, several at a time, and each is a test here.
/// </summary>
public sealed class TypeScriptSdkTests(InteropRun run) : IClassFixture<InteropRun>
{
    public static TheoryData<string> Names => [.. Scenarios.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Scenario(string name)
    {
        Assert.SkipWhen(run.Absent is not null, run.Absent ?? "");
        var result = run.ResultOf(name);
        Assert.SkipWhen(result.Verdict == "skipped", result.Note);
        result.Verdict.ShouldBe("ok", result.Note);
    }

    [Fact]
    public void EveryScenarioThatRan_IsATestHere()
    {
        Assert.SkipWhen(run.Absent is not null, run.Absent ?? "");
        run.Names.ShouldBe(Scenarios.Names, ignoreOrder: true);
        Scenarios.Names.Count.ShouldBeGreaterThanOrEqualTo(60);
    }
}
