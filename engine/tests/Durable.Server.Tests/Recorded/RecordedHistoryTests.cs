namespace Durable.Server.Tests.Recorded;

/// <summary>
/// Histories that a genuine Temporal server kept of runs of its TypeScript SDK (Data/README.md). Client and workers do here what they did there,
/// and the server has to keep the same events with the same attributes.
/// </summary>
public class RecordedHistoryTests
{
    private static readonly string Data = Path.Combine(Repository.Root, "engine", "tests", "Durable.Server.Tests", "Recorded", "Data");

    public static TheoryData<string> Scenarios => [.. Directory.EnumerateFiles(Data, "*.json").Select(static file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task History_IsTheGenuineServers(string scenario)
    {
        var recorded = RecordedRun.Load(Path.Combine(Data, scenario + ".json"));
        await using var server = await ServerUnderTest.StartAsync();
        var played = await new Player(server, recorded).PlayAsync();
        for (var run = 0; run < recorded.Count; run++)
        {
            var where = $"{recorded[run].WorkflowId}, run {run + 1}";
            played[run].Events.Select(static e => e.EventType).ShouldBe(recorded[run].Events.Select(static e => e.EventType), where);
            for (var i = 0; i < recorded[run].Events.Count; i++)
            {
                Comparable.Of(played[run].Events[i]).ShouldBe(Comparable.Of(recorded[run].Events[i]), $"{where}, event {i + 1}");
            }
        }
    }
}
