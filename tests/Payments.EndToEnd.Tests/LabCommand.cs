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
        reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
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

    public static LabCommand Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(DotnetHost.Path) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(RunningLab).Assembly.Location);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        return new LabCommand(Process.Start(start)!);
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

    public void Signal(int signal) => Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]).WaitForExit();

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
