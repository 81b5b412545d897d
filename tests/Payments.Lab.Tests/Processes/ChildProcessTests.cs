using System.Diagnostics;
using System.Threading.Channels;
using Payments.Lab.Processes;

namespace Payments.Lab.Tests.Processes;

/// <summary>With the gateway as the child, because it needs nobody else.</summary>
public sealed class ChildProcessTests : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly HttpClient http = new();
    private readonly CancellationTokenSource late = new(TimeSpan.FromSeconds(60));
    private ChildProcess? child;

    [Fact]
    public async Task Start_ThenReady_AnswersAndIsStoppedWithoutATrace()
    {
        var gateway = await StartAsync(restart: true);
        var pid = gateway.Pid!.Value;

        await gateway.StopAsync();

        gateway.Pid.ShouldBeNull();
        Should.Throw<ArgumentException>(() => Process.GetProcessById(pid));
        (await gateway.IsReadyAsync(http, late.Token)).ShouldBeFalse();
        gateway.LastLines[^1].ShouldContain("ended with 0");
    }

    [Fact]
    public async Task Death_Uninvited_IsReportedWithLastLinesAndStartedAgain()
    {
        var died = new TaskCompletionSource<ProcessDeath>();
        var gateway = await StartAsync(restart: true, (_, death) => died.TrySetResult(death));

        await KillWhenItHasSaidItsLinesAsync(gateway);
        var death = await died.Task.WaitAsync(late.Token);
        await gateway.ReadyAsync(http, late.Token);

        death.ExitCode.ShouldBe(137);
        death.LastLines.ShouldContain(line => line.Contains("Now listening", StringComparison.Ordinal));
        gateway.Starts.ShouldBe(2);
    }

    [Fact]
    public async Task Death_OfTheSecondLife_IsReportedWithTheLinesOfThatLifeAlone()
    {
        var deaths = Channel.CreateUnbounded<ProcessDeath>();
        var gateway = await StartAsync(restart: true, (_, death) => deaths.Writer.TryWrite(death));

        for (var life = 1; life <= 2; life++)
        {
            await KillWhenItHasSaidItsLinesAsync(gateway);
            var lines = (await deaths.Reader.ReadAsync(late.Token)).LastLines;
            await gateway.ReadyAsync(http, late.Token);

            lines[0].ShouldContain("gateway started");
            lines.Count(line => line.Contains("Now listening", StringComparison.Ordinal)).ShouldBe(1, $"life {life}");
        }
    }

    [Fact]
    public async Task Death_WithoutRestart_IsReportedAndStaysDown()
    {
        var died = new TaskCompletionSource<ProcessDeath>();
        var gateway = await StartAsync(restart: false, (_, death) => died.TrySetResult(death));

        Process.GetProcessById(gateway.Pid!.Value).Kill();
        (await died.Task.WaitAsync(late.Token)).Restarts.ShouldBeFalse();

        gateway.Pid.ShouldBeNull();
        (await Should.ThrowAsync<LabException>(gateway.ReadyAsync(http, late.Token))).Message.ShouldContain("ended before it was ready");
    }

    [Fact]
    public async Task Kill_OnPurpose_StaysDownUntilStarted()
    {
        var reported = false;
        var gateway = await StartAsync(restart: true, (_, _) => reported = true);

        await gateway.KillAsync();
        gateway.Pid.ShouldBeNull();
        await gateway.StartAsync();
        await gateway.ReadyAsync(http, late.Token);

        gateway.Starts.ShouldBe(2);
        reported.ShouldBeFalse();
    }

    [Fact]
    public async Task Pause_ThenResume_IsSilentAndThenAnswersWhatItWasAsked()
    {
        var gateway = await StartAsync(restart: true);

        await gateway.PauseAsync(late.Token);
        var asked = http.GetStringAsync(gateway.Spec.Ready, late.Token);
        asked.IsCompleted.ShouldBeFalse();
        gateway.Resume();

        (await asked).ShouldBe("ok");
    }

    [Fact]
    public async Task InputEnds_AsItDoesWhenTheLabIsKilled_TheChildEndsToo()
    {
        var spec = Gateway();
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add(spec.Assembly);
        foreach (var argument in spec.Arguments)
        {
            start.ArgumentList.Add(argument);
        }
        start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(ChildProcess).Assembly.Location;
        using var process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEndAsync();

        process.StandardInput.Close();
        await process.WaitForExitAsync(late.Token);

        process.HasExited.ShouldBeTrue();
    }

    public async ValueTask DisposeAsync()
    {
        if (child is not null)
        {
            await child.DisposeAsync();
        }
        http.Dispose();
        late.Dispose();
        folder.Dispose();
    }

    // It answers before it has said that it listens.
    private async Task KillWhenItHasSaidItsLinesAsync(ChildProcess gateway)
    {
        using var turn = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!HasSaidItsLines(gateway.LastLines))
        {
            await turn.WaitForNextTickAsync(late.Token);
        }
        Process.GetProcessById(gateway.Pid!.Value).Kill();

        static bool HasSaidItsLines(IEnumerable<string> lines) => lines.Reverse().TakeWhile(line => !line.Contains("gateway started", StringComparison.Ordinal))
            .Any(line => line.Contains("Now listening", StringComparison.Ordinal));
    }

    private async Task<ChildProcess> StartAsync(bool restart, Action<ChildProcess, ProcessDeath>? died = null)
    {
        child = new ChildProcess(Gateway(), folder.Path, restart, TimeProvider.System);
        child.Died += died;
        await child.StartAsync();
        await child.ReadyAsync(http, late.Token);
        return child;
    }

    private ProcessSpec Gateway() =>
        ProcessSpecs.For(new LabOptions { Ports = LabPorts.Free(), Data = folder.Path }).Single(spec => spec.Name == ProcessNames.Gateway);
}
