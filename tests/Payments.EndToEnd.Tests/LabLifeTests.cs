using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using Payments.Lab;
using Payments.Lab.Processes;
using Payments.Lab.Traffic;
using Payments.Lab.Watch;

namespace Payments.EndToEnd.Tests;

/// <summary>The lab as its user has it: a command that starts everything, goes on where it was, and leaves nothing behind, however it ends.</summary>
public sealed class LabLifeTests : IDisposable
{
    private const string Started = "Ctrl-C stops everything.";

    private readonly string folder = Directory.CreateTempSubdirectory("lab-").FullName;
    private readonly HttpClient http = new();
    private readonly int offset = LabPorts.FreeOffset();

    private LabAddresses Addresses => LabAddresses.For(new LabPorts().Offset(offset));

    private string[] Options => ["--data", folder, "--port-offset", offset.ToString(CultureInfo.InvariantCulture)];

    [Theory]
    [InlineData(2)]
    [InlineData(15)]
    [InlineData(9)]
    public async Task Lab_EndedBySignal_LeavesNoProcessBehind(int signal)
    {
        using var lab = LabCommand.Start(Options);
        await lab.SaysAsync(Started);
        lab.Said.ShouldContain("curl -i -X POST");
        lab.Said.ShouldNotContain("\u001b", customMessage: "colours in a pipe");
        var children = (await ProcessesAsync()).Select(child => Process.GetProcessById(child.Pid!.Value)).ToArray();
        children.Length.ShouldBe(4);

        lab.Signal(signal);
        await lab.EndAsync();

        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        foreach (var child in children)
        {
            await child.WaitForExitAsync(late.Token);
            child.Dispose();
        }
    }

    [Fact]
    public async Task CtrlC_InATerminal_EndsTheLabInGoodOrderWithNothingToReport()
    {
        using var lab = LabCommand.StartUnder(["setsid"], Options);
        await lab.SaysAsync(Started);
        foreach (var child in await ProcessesAsync())
        {
            (await GroupOfAsync(child.Pid!.Value)).ShouldBe(child.Pid.Value, $"{child.Name} hears the lab alone, which stops callers before those whom they call");
        }

        lab.SignalGroup(2);

        (await lab.EndAsync()).ShouldBe(0);
        lab.Said.ShouldEndWith("Stopping ...\n");
    }

    [Fact]
    public async Task Interrupt_WhileTheLabStarts_EndsItWithoutBlamingAProcess()
    {
        // An engine that is nowhere keeps worker and ingress from becoming ready.
        using var lab = LabCommand.StartUnder(["env", "TEMPORAL_ADDRESS=127.0.0.1:9"], Options);
        await LabFixture.UntilAsync(() => $"the lab listens; it said:\n{lab.Said}", _ => Task.FromResult(!LabPorts.IsFree(new Uri(Addresses.Lab).Port)));

        lab.Signal(2);

        (await lab.EndAsync()).ShouldBe(130, lab.Said);
        lab.Said.ShouldNotContain("did not become ready");
    }

    [Fact]
    public async Task Lab_PublishedIntoOneFolder_StartsAndPays()
    {
        var published = Path.Combine(folder, "published");
        string[] publish = ["publish", Path.Combine(HttpFile.Root, "src", "Payments.Lab"), "--no-build", "-c", new DirectoryInfo(AppContext.BaseDirectory).Name, "-o", published, "-nodeReuse:false", "-v:q", "--nologo"];
        using (var publishing = Process.Start(DotnetHost.Path, publish))
        {
            await publishing.WaitForExitAsync();
            publishing.ExitCode.ShouldBe(0);
        }

        // The built assembly, which would come second, gives way to the published one.
        using var lab = LabCommand.StartUnder(["sh", "-c", "dotnet=$1; shift 2; exec \"$dotnet\" \"$0\" \"$@\"", Path.Combine(published, "Payments.Lab.dll")], Options);
        await lab.SaysAsync(Started);

        (await new PaymentCaller(http, Addresses.Ingress).CreateAsync("published", "published", 100)).Status.ShouldBe(201);
        lab.Signal(15);
        await lab.EndAsync();
    }

    [Fact]
    public async Task Interrupt_OfALabInTheBackgroundOfAScript_IsHeeded()
    {
        using var lab = LabCommand.StartUnder(["sh", "-c", "trap '' INT; exec \"$@\"", "sh"], Options);
        await lab.SaysAsync(Started);

        lab.Signal(2);

        (await lab.EndAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Lab_StartedAgain_GoesOnWithTheSameStateAndCleanStartsEmpty()
    {
        (await PayOnceAsync([])).ShouldBe((201, 1));
        (await PayOnceAsync(["--in-process"])).ShouldBe((200, 1));
        (await PayOnceAsync([])).ShouldBe((200, 1));
        (await PayOnceAsync(["--clean"])).ShouldBe((201, 1));

        async Task<(int Status, int Charges)> PayOnceAsync(string[] more)
        {
            using var lab = LabCommand.Start([.. Options, .. more]);
            await lab.SaysAsync(Started);
            var answer = await new PaymentCaller(http, Addresses.Ingress).CreateAsync("payment-123", "unique-key-123", 10_000);
            var charges = await new Ledger(http, Addresses.Gateway).ChargesAsync();
            lab.Signal(2);
            await lab.EndAsync();
            return (answer.Status, charges);
        }
    }

    [Fact]
    public async Task Child_ThatDies_IsReportedWithItsLastLinesAndStartedAgain()
    {
        using var lab = LabCommand.Start(Options);
        await lab.SaysAsync(Started);

        Process.GetProcessById((await ProcessesAsync()).Single(process => process.Name == "gateway").Pid!.Value).Kill();

        await lab.SaysAsync("gateway ended with 137 and is started again. Its last lines:");
        await lab.SaysAsync("Now listening on");
        await LabFixture.UntilAsync(() => "the gateway is back", async _ => (await ProcessesAsync()).Single(process => process.Name == "gateway") is { Ready: true, Starts: 2 });
    }

    [Fact]
    public async Task Child_ThatDiesWithRestartOff_StaysDown()
    {
        using var lab = LabCommand.Start([.. Options, "--restart", "off"]);
        await lab.SaysAsync(Started);

        Process.GetProcessById((await ProcessesAsync()).Single(process => process.Name == "gateway").Pid!.Value).Kill();

        await lab.SaysAsync("gateway ended with 137. Its last lines:");
        (await ProcessesAsync()).Single(process => process.Name == "gateway").ShouldSatisfyAllConditions(gateway => gateway.Pid.ShouldBeNull(), gateway => gateway.Starts.ShouldBe(1));
    }

    [Fact]
    public async Task Lab_ThatCannotStart_SaysWhatIsWrongAndWhatToDo()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, new Uri(Addresses.Gateway).Port);
        taken.Start();

        var (code, said) = await LabCommand.RunAsync(Options);
        var (checkedCode, checkedSaid) = await LabCommand.RunAsync(["check", .. Options]);

        (code, checkedCode).ShouldBe((1, 1));
        foreach (var text in new[] { said, checkedSaid })
        {
            text.ShouldContain($"Port {new Uri(Addresses.Gateway).Port} for the gateway is taken");
            text.ShouldContain("--port-offset 1000");
        }
        said.ShouldNotContain("   at ");
    }

    [Theory]
    [InlineData("'--rows' is a number from 1 to 1000000", "mass", "--rows", "0")]
    [InlineData("'--callers' is a number from 1 to 1024", "load", "--callers", "-1")]
    [InlineData("'--seconds' is a number from 1 to 86400", "chaos", "--seconds", "0")]
    [InlineData("'--lines' is a number from 0 to 1000000", "logs", "--lines", "-1")]
    [InlineData("There is no log in", "logs")]
    [InlineData("No lab is running on", "status")]
    [InlineData("'--data' is the name of a folder", "status", "--data", "")]
    public async Task Command_ThatMakesNoSense_SaysWhy(string text, params string[] arguments)
    {
        var (code, said) = await LabCommand.RunAsync(arguments.Contains("--data") ? arguments : [.. arguments, .. Options]);

        code.ShouldBe(1, said);
        said.ShouldContain(text);
        said.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Lab_WhoseServerCannotStart_SaysWhyAndGivesUpAndStartsWhenEmptied()
    {
        Directory.CreateDirectory(Path.Combine(folder, "server"));
        await File.WriteAllTextAsync(Path.Combine(folder, "server", "temporal.db"), "not a database");

        var (code, said) = await LabCommand.RunAsync(Options);
        var (codeInProcess, saidInProcess) = await LabCommand.RunAsync([.. Options, "--in-process"]);
        using var emptied = LabCommand.Start([.. Options, "--clean"]);
        await emptied.SaysAsync(Started);

        code.ShouldBe(1);
        said.ShouldContain("file is not a database");
        codeInProcess.ShouldBe(1);
        saidInProcess.ShouldEndWith("file is not a database\n");
        said.ShouldEndWith("server ended 5 times before it was ready. Look at its last lines, or start empty with --clean.\n");
    }

    [Fact]
    public async Task Commands_OnARunningLab_DoWhatTheReadmeSays()
    {
        using var lab = LabCommand.Start(Options);
        await lab.SaysAsync(Started);

        await SaysAsync(0, "every payment with a key was charged once", "demo");
        await SaysAsync(0, "exactly once", "mass", "--rows", "50");
        await SaysAsync(0, "20 calls at once under one key: 20 paid, 19 of them replays, 1 charge in the ledger", "load", "--seconds", "1", "--callers", "8");
        await SaysAsync(0, "each payment was charged once", "chaos", "--seconds", "3");
        await SaysAsync(0, "captured", "store");
        await SaysAsync(0, "0 in flight", "keys");
        await SaysAsync(0, "Polling task queue", "logs", "worker", "--lines", "1000");
        await SaysAsync(0, "worker: pause is done", "pause", "worker");
        await SaysAsync(1, "no", "status");
        await SaysAsync(0, "worker: resume is done", "resume", "worker");
        await SaysAsync(0, "worker: kill is done", "kill", "worker");
        await SaysAsync(0, "worker: restart is done", "restart", "worker");
        await LabFixture.UntilAsync(() => "all are ready", async _ => (await LabCommand.RunAsync(["status", .. Options])).ExitCode == 0);
        await SaysAsync(1, "There is no process \"nobody\"", "restart", "nobody");
        await SaysAsync(0, "server: kill is done", "kill", "server");
        await SaysAsync(1, "A process of the lab gives no answer", "keys");
        await SaysAsync(1, "A process of the lab gives no answer", "store");
        await SaysAsync(1, "Another lab is running", "clean");

        async Task SaysAsync(int expected, string text, params string[] arguments)
        {
            var (code, said) = await LabCommand.RunAsync([.. arguments, .. Options]);
            said.ShouldContain(text, customMessage: said);
            if (expected != 0)
            {
                said.ShouldNotContain("   at ", customMessage: "a trace where a sentence should be");
            }
            code.ShouldBe(expected, said);
        }
    }

    public void Dispose()
    {
        http.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<int> GroupOfAsync(int pid)
    {
        using var ps = Process.Start(new ProcessStartInfo("ps", ["-o", "pgid=", "-p", pid.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true })!;
        return int.Parse(await ps.StandardOutput.ReadToEndAsync(), CultureInfo.InvariantCulture);
    }

    private async Task<ProcessStatus[]> ProcessesAsync() => (await http.GetFromJsonAsync<ProcessStatus[]>(Addresses.Lab + "/processes"))!;
}
