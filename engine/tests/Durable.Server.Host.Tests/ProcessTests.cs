using System.Globalization;
using System.Text.Json;
using Durable.Protocol;
using Durable.Server.Tests.Simulation;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Host.Tests;

public sealed class ProcessTests : IDisposable
{
    private const int Workflows = 150;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    // Aim: after kill -9 at any moment under load everything that was acknowledged is there, once, and everything goes on: tasks, timers, retries,
    // children. Method: clients and workers count what the server says yes to and repeat what it did not, as SDKs do; at the end every
    // history is held against their ledger.
    [Fact]
    public async Task Kill_AtRandomMomentsUnderLoad_NothingAcknowledgedIsLostAndEverythingEnds()
    {
        var random = new Random();
        await using var server = new ServerProcess(folder.File("server.db"));
        await server.StartAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(6));
        using var workersEnd = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token);
        var workload = new Workload(() => server.Client);
        var workers = Enumerable.Range(0, 6).SelectMany(_ => new[] { workload.DecideAsync(workersEnd.Token), workload.ActAsync(workersEnd.Token) }).ToArray();
        var clients = Task.WhenAll(Enumerable.Range(0, Workflows).Select(i => Task.Run(async () =>
        {
            // Spread over the kills.
            await Task.Delay(i * 20, deadline.Token);
            await workload.RunWorkflowAsync($"workflow-{i}", deadline.Token);
        })));
        var kills = new List<int>();
        while (kills.Count < 5)
        {
            await Task.WhenAny(clients, Task.Delay(random.Next(100, 900), deadline.Token));
            // However slow the machine is: each life says yes to something before it ends.
            while (!clients.IsCompleted && workload.Acknowledged <= kills.LastOrDefault())
            {
                await Task.Delay(1, deadline.Token);
            }
            await server.KillAsync();
            kills.Add(workload.Acknowledged);
            await server.StartAsync();
        }

        await clients;
        await workersEnd.CancelAsync();
        await Task.WhenAll(workers);

        await workload.CheckAsync(deadline.Token);
        kills[^1].ShouldBeGreaterThan(0, "it was killed under load");
        workload.Acknowledged.ShouldBeGreaterThanOrEqualTo(Workflows * 4);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Signal_EndsIt_WithExitCodeZeroAndTheFileWhole(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are of Unix");
        await using var server = new ServerProcess(folder.File("server.db"));
        await server.StartAsync();

        (await server.SignalAsync(signal)).ShouldBe(0);

        await server.StartAsync();
    }

    // Aim: a log line is one JSON object with its parts apart, and none is on standard output, where programs wait for the line that says it is ready.
    [Fact]
    public async Task Logs_AsJson_AreOneObjectALine_OnStandardError()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are of Unix");
        await using var server = new ServerProcess(folder.File("server.db"), "--log-level", "debug", "--log-format", "json");
        await server.StartAsync();
        var errors = server.ReadErrorsAsync(TestContext.Current.CancellationToken);
        await Should.ThrowAsync<RpcFaultException>(() => server.Client.CallAsync(
            WorkflowServiceMethods.DescribeNamespace, new DescribeNamespaceRequest { Namespace = "missing" }, new RpcCallOptions(TimeSpan.FromSeconds(30)), TestContext.Current.CancellationToken));
        await server.SignalAsync("TERM");

        var lines = (await errors).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement).ToArray();
        lines.ShouldAllBe(static line => line.GetProperty("Timestamp").GetString()!.EndsWith('Z') && line.GetProperty("LogLevel").GetString()!.Length > 0);
        var refused = lines.Where(static line => line.GetProperty("Category").GetString() == "Durable.Server").ShouldHaveSingleItem();
        refused.GetProperty("LogLevel").GetString().ShouldBe("Debug");
        refused.GetProperty("Message").GetString().ShouldBe("DescribeNamespace answered NotFound: Namespace missing is not found.");
        refused.GetProperty("State").GetProperty("Method").GetString().ShouldBe("DescribeNamespace");
        refused.GetProperty("State").GetProperty("Code").GetString().ShouldBe("NotFound");
    }

    [Fact]
    public async Task Start_PortTaken_SaysSoAndExitsWithOne()
    {
        await using var server = new ServerProcess(folder.File("server.db"));
        await server.StartAsync();

        var (exitCode, output, errors) = await ServerProcess.RunAsync("server", "start-dev", "--headless", "--port", server.Port.ToString(CultureInfo.InvariantCulture));

        exitCode.ShouldBe(1);
        output.ShouldNotContain("Temporal Server:");
        errors.ShouldContain("address already in use");
        errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(1, errors);
    }

    [Fact]
    public async Task Start_FileInUse_SaysSoAndExitsWithOne()
    {
        await using var server = new ServerProcess(folder.File("server.db"));
        await server.StartAsync();

        var (exitCode, _, errors) = await ServerProcess.RunAsync("server", "start-dev", "--headless", "--port", "0", "--db-filename", folder.File("server.db"));

        exitCode.ShouldBe(1);
        errors.ShouldContain("another process has it open");
    }

    [Theory]
    [InlineData("no database", "cannot open")]
    public async Task Start_FileOfSomethingElse_IsLeftAlone(string content, string message)
    {
        var file = folder.File("notes.txt");
        await File.WriteAllTextAsync(file, content);

        var (exitCode, _, errors) = await ServerProcess.RunAsync("server", "start-dev", "--headless", "--port", "0", "--db-filename", file);

        exitCode.ShouldBe(1);
        errors.ShouldContain(message);
        (await File.ReadAllTextAsync(file)).ShouldBe(content);
    }

    [Theory]
    [InlineData("server start-dev --prot 1", "unknown flag: --prot")]
    [InlineData("server start-dev --headless --port 0 --sqlite-pragma journal_mode;=x --db-filename :file:", "not a word or number for a pragma")]
    public async Task Start_WrongFlag_SaysWhichAndExitsWithOne(string arguments, string message)
    {
        var (exitCode, _, errors) = await ServerProcess.RunAsync(arguments.Replace(":file:", folder.File("x.db"), StringComparison.Ordinal).Split(' '));

        exitCode.ShouldBe(1);
        errors.ShouldContain(message);
    }

    [Fact]
    public async Task Help_ShowsTheFlags()
    {
        var (exitCode, output, _) = await ServerProcess.RunAsync("--help");

        exitCode.ShouldBe(0);
        output.ShouldContain("--db-filename");
    }
}
