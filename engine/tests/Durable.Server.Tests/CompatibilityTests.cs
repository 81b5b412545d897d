using System.Reflection;
using System.Text.RegularExpressions;
using Durable.Protocol;
using Durable.Server.Storage;
using Durable.Server.Time;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;

namespace Durable.Server.Tests;

/// <summary>Holds engine/COMPATIBILITY.md against the code: a call, command or event is there in both or in neither.</summary>
public partial class CompatibilityTests
{
    private static readonly string Engine = Path.Combine(Repository.Root, "engine");

    [Fact]
    public async Task Calls_AreMapped_ExactlyWhereThePageSaysSo()
    {
        using var clock = new VirtualClock();
        await using var server = await DurableServer.StartAsync(new DurableServerOptions { Store = new MemoryStore(), Clock = clock, TimeSkipping = clock });
        foreach (var methods in new[] { typeof(WorkflowServiceMethods), typeof(OperatorServiceMethods), typeof(TestServiceMethods) })
        {
            var service = (string)methods.GetField("Service")!.GetValue(null)!;
            var rows = Rows(service);
            rows.Keys.ShouldBe(methods.GetProperties(BindingFlags.Public | BindingFlags.Static).Select(static method => method.Name), ignoreOrder: true);
            var mapped = server.Router.Routes.Where(route => route.Service == service).Select(static route => route.Name);
            rows.Where(static row => row.Value != "not").Select(static row => row.Key).ShouldBe(mapped, ignoreOrder: true);
        }
    }

    [Fact]
    public void Commands_AreTaken_ExactlyWhereThePageSaysSo()
    {
        var rows = Rows("Commands");
        rows.Keys.ShouldBe(Enum.GetNames<CommandType>().Where(static name => name != nameof(CommandType.Unspecified)), ignoreOrder: true);
        foreach (var (name, state) in rows)
        {
            var driver = new Executions.RunDriver();
            var task = driver.Poll()!;
            string refusal;
            try
            {
                refusal = driver.Complete(task, new Command { CommandType = Enum.Parse<CommandType>(name) }).Fault?.Message ?? "";
            }
            catch (RpcFaultException fault)
            {
                refusal = fault.Message;
            }
            refusal.StartsWith("FeatureDisabled", StringComparison.Ordinal).ShouldBe(state == "not", $"{name}: {refusal}");
        }
    }

    [Fact]
    public void Events_AreWritten_ExactlyWhereThePageSaysSo()
    {
        var rows = Rows("Events");
        rows.Keys.ShouldBe(Enum.GetNames<EventType>().Where(static name => name != nameof(EventType.Unspecified)), ignoreOrder: true);
        var source = string.Concat(Directory.EnumerateFiles(Path.Combine(Engine, "src", "Durable.Server", "Executions"), "*.cs").Select(File.ReadAllText));
        var written = WrittenEvent().Matches(source).Select(static match => match.Groups[1].Value).Distinct();
        rows.Where(static row => row.Value != "not").Select(static row => row.Key).ShouldBe(written, ignoreOrder: true);
    }

    [GeneratedRegex(@"\bEventType\.(\w+)")]
    private static partial Regex WrittenEvent();

    [GeneratedRegex(@"^\| `(\w+)` \| (done|partly|not) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    private static Dictionary<string, string> Rows(string section)
    {
        var page = File.ReadAllText(Path.Combine(Engine, "COMPATIBILITY.md"));
        var begin = page.IndexOf($"## {section}\n", StringComparison.Ordinal);
        begin.ShouldBeGreaterThan(0, $"no section {section}");
        var end = page.IndexOf("\n## ", begin + 1, StringComparison.Ordinal);
        return Row().Matches(end < 0 ? page[begin..] : page[begin..end]).ToDictionary(static row => row.Groups[1].Value, static row => row.Groups[2].Value);
    }
}
