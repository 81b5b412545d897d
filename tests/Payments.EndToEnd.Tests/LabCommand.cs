using System.Diagnostics;
using System.Globalization;
using System.Text;
using Payments.Lab;
using Payments.Lab.Processes;

namespace Payments.EndToEnd.Tests;

/// <summary>The lab's executable as its user has it: started with arguments, read by what it prints, ended by signals.</summary>
internal sealed class LabCommand : IDisposable
{
    private readonly StringBuilder said = new();
    private readonly Process process;
    private readonly Task reading;

    private LabCommand(Process process)
    {
        this.process = process;
        reading = ReadAsync(process.StandardOutput);
    }

    public string Said
    {
        get
        {
            lock (said)
            {
                return said.ToString();
            }
        }
    }

    public static LabCommand Start(params string[] arguments) => StartUnder([], arguments);

    /// <param name="starter">A command that ends in starting another, whose words are appended.</param>
    public static LabCommand StartUnder(string[] starter, params string[] arguments)
    {
        // Both outputs through one pipe: of two, each with a reader of its own, nobody knows which line was first.
        string[] words = ["-c", "exec \"$@\" 2>&1", "sh", .. starter, DotnetHost.Path, typeof(RunningLab).Assembly.Location, .. arguments];
        return new LabCommand(Process.Start(new ProcessStartInfo("sh", words) { RedirectStandardOutput = true })!);
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int ExitCode, string Said)> RunAsync(params string[] arguments)
    {
        using var command = Start(arguments);
        return (await command.EndAsync(), command.Said);
    }

    /// <summary>Returns when it has printed the text.</summary>
    public Task SaysAsync(string text, int times = 1) => LabFixture.UntilAsync(
        () => $"the lab says \"{text}\"; it said:\n{Said}", _ => Task.FromResult(Said.Split(text).Length > times));

    public void Signal(int signal) => Kill(signal, process.Id);

    /// <summary>As a terminal does: to the process and whatever of its children is still in its group. It has to lead one.</summary>
    public void SignalGroup(int signal) => Kill(signal, -process.Id);

    public async Task<int> EndAsync()
    {
        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await process.WaitForExitAsync(late.Token);
        await reading;
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }
        process.Dispose();
    }

    private static void Kill(int signal, int pid) =>
        Process.Start("kill", [$"-{signal}", "--", pid.ToString(CultureInfo.InvariantCulture)]).WaitForExit();

    private async Task ReadAsync(StreamReader from)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            lock (said)
            {
                said.Append(line).Append('\n');
            }
        }
    }
}
