using System.Diagnostics;
using System.Net;

namespace Payments.Lab.Processes;

/// <summary>
/// One child with its log. Runs it, and when it dies uninvited starts it again: after 200 ms, then twice as long each time up to 10 s, for ever; a child that
/// lived half a minute begins anew. Thread-safe.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    /// <summary>Long enough not to burn the machine, short enough that nobody wonders whether it comes.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LivedWell = TimeSpan.FromSeconds(30);

    /// <summary>Deaths before the first readiness that somebody who waits for it bears with: a few seconds, enough for a file that another process lets go of.</summary>
    private const int DeathsWhileAwaited = 5;

    /// <summary>What a process may take to end in good order before it is killed.</summary>
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim changing = new(1, 1);
    private readonly ProcessLog log;
    private readonly bool restart;
    private readonly TimeProvider clock;
    private Run? current;
    private TimeSpan pause = FirstPause;
    private volatile bool wanted;
    private int starts;

    public ChildProcess(ProcessSpec spec, string logFolder, bool restart, TimeProvider clock)
    {
        Spec = spec ?? throw new ArgumentNullException(nameof(spec));
        this.restart = restart;
        this.clock = clock;
        log = new ProcessLog(Path.Combine(logFolder, spec.Name + ".log"));
    }

    public ProcessSpec Spec { get; }

    public string Name => Spec.Name;

    /// <summary>Null when it does not run.</summary>
    public int? Pid => current is { Ended.IsCompleted: false } run ? run.Process.Id : null;

    /// <summary>How often it was started.</summary>
    public int Starts => starts;

    public IReadOnlyList<string> LastLines => log.LastLines;

    /// <summary>It ended without being asked to. Told after the pause, just before the next start if there is one.</summary>
    public event Action<ChildProcess, ProcessDeath>? Died;

    /// <summary>Does nothing when it runs already.</summary>
    public async Task StartAsync()
    {
        await changing.WaitAsync().ConfigureAwait(false);
        try
        {
            wanted = true;
            if (Pid is null)
            {
                Launch();
            }
        }
        finally
        {
            changing.Release();
        }
    }

    /// <summary>SIGKILL, as a power failure would have it. It stays down until it is started.</summary>
    public Task KillAsync() => EndAsync(static run => run.Process.Kill());

    /// <summary>In good order: SIGTERM, and SIGKILL when that takes too long.</summary>
    public Task StopAsync() => EndAsync(static run =>
    {
        if (OperatingSystem.IsWindows())
        {
            run.Process.StandardInput.Close();
        }
        else
        {
            Signals.Terminate(run.Process.Id);
        }
    });

    /// <summary>Its end is no death to report or to mend from here on: the lab is ending, and it may know that already.</summary>
    public void LetGo() => wanted = false;

    public async Task RestartAsync()
    {
        await StopAsync().ConfigureAwait(false);
        await StartAsync().ConfigureAwait(false);
    }

    /// <summary>Freezes it (SIGSTOP): alive, and silent from when this returns.</summary>
    public Task PauseAsync(CancellationToken cancellation = default) => Signals.PauseAsync(Pid ?? throw new LabException($"{Name} does not run."), cancellation);

    public void Resume() => Signals.Resume(Pid ?? throw new LabException($"{Name} does not run."));

    /// <summary>Asks <c>/health/ready</c> until it says 200.</summary>
    /// <exception cref="LabException">It died without a restart to come, or again and again, or the time is over; the message has its last lines.</exception>
    public async Task ReadyAsync(HttpClient http, CancellationToken cancellation)
    {
        var before = starts;
        using var turn = new PeriodicTimer(TimeSpan.FromMilliseconds(25), clock);
        try
        {
            while (!await IsReadyAsync(http, cancellation).ConfigureAwait(false))
            {
                if (!restart && Pid is null)
                {
                    throw new LabException($"{Name} ended before it was ready. Its last lines:\n{string.Join('\n', LastLines)}");
                }
                if (starts - before >= DeathsWhileAwaited)
                {
                    throw new LabException($"{Name} ended {DeathsWhileAwaited} times before it was ready. Look at its last lines, or start empty with --clean.");
                }
                await turn.WaitForNextTickAsync(cancellation).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException e)
        {
            throw new LabException($"{Name} did not become ready ({Spec.Ready}). Its last lines:\n{string.Join('\n', LastLines)}", e);
        }
    }

    public async Task<bool> IsReadyAsync(HttpClient http, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(http);
        try
        {
            using var answer = await http.GetAsync(Spec.Ready, cancellation).ConfigureAwait(false);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            // Not listening, or just dying: not ready.
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        log.Dispose();
        changing.Dispose();
    }

    private async Task EndAsync(Action<Run> end)
    {
        await changing.WaitAsync().ConfigureAwait(false);
        try
        {
            wanted = false;
            if (current is not { Ended.IsCompleted: false } run)
            {
                return;
            }
            end(run);
            try
            {
                await run.Ended.WaitAsync(StopWithin, clock).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                run.Process.Kill();
                await run.Ended.ConfigureAwait(false);
            }
        }
        finally
        {
            changing.Release();
        }
    }

    // Under the lock.
    private void Launch()
    {
        var start = new ProcessStartInfo(DotnetHost.Path)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (!File.Exists(Path.ChangeExtension(Spec.Assembly, ".deps.json")))
        {
            // Published into one folder all processes share the lab's list of what they depend on; without it native libraries are not found.
            start.ArgumentList.Add("exec");
            start.ArgumentList.Add("--depsfile");
            start.ArgumentList.Add(Path.ChangeExtension(typeof(ChildProcess).Assembly.Location, ".deps.json"));
        }
        start.ArgumentList.Add(Spec.Assembly);
        foreach (var argument in Spec.Arguments)
        {
            start.ArgumentList.Add(argument);
        }
        foreach (var (name, value) in Spec.Environment)
        {
            start.Environment[name] = value;
        }
        var hooks = start.Environment.TryGetValue("DOTNET_STARTUP_HOOKS", out var others) ? others : null;
        start.Environment["DOTNET_STARTUP_HOOKS"] = string.IsNullOrEmpty(hooks) ? Leash : hooks + Path.PathSeparator + Leash;

        var process = Process.Start(start) ?? throw new LabException($"{Name} could not be started.");
        starts++;
        var firstLine = $"--- {Name} started, process {process.Id} ---";
        log.Mark(firstLine);
        current = new Run(process, WatchAsync(process, firstLine));
        _ = MournAsync(current, clock.GetTimestamp());
    }

    /// <returns>Null when it was asked to end.</returns>
    private async Task<ProcessDeath?> WatchAsync(Process process, string firstLine)
    {
        await Task.WhenAll(log.CopyAsync(process.StandardOutput), log.CopyAsync(process.StandardError), process.WaitForExitAsync()).ConfigureAwait(false);
        log.Mark($"--- {Name} ended with {process.ExitCode} ---");
        return wanted ? new ProcessDeath(process.ExitCode, log.LastLinesFrom(firstLine), restart) : null;
    }

    // Beside the run, which has ended for everybody before its death is told or mended.
    private async Task MournAsync(Run run, long since)
    {
        if (await run.Ended.ConfigureAwait(false) is { } death)
        {
            await AfterDeathAsync(death, clock.GetElapsedTime(since)).ConfigureAwait(false);
        }
    }

    private async Task AfterDeathAsync(ProcessDeath death, TimeSpan lived)
    {
        if (lived >= LivedWell)
        {
            pause = FirstPause;
        }
        var wait = pause;
        pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
        // First the pause, then the word: what ends the lab may reach the children first (the machine goes down, Ctrl-C on Windows), and that is no death to report.
        await Task.Delay(wait, clock).ConfigureAwait(false);
        if (!wanted)
        {
            return;
        }
        Died?.Invoke(this, death);
        if (!restart)
        {
            return;
        }
        await changing.WaitAsync().ConfigureAwait(false);
        try
        {
            if (wanted && Pid is null)
            {
                Launch();
            }
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or LabException)
        {
            // Out of memory or handles, say. Never give up: the next try comes after a longer pause.
            log.Mark($"--- {Name} could not be started: {e.Message} ---");
            _ = AfterDeathAsync(death, TimeSpan.Zero);
        }
        finally
        {
            changing.Release();
        }
    }

    private static string Leash => typeof(ChildProcess).Assembly.Location;

    private sealed record Run(Process Process, Task<ProcessDeath?> Ended);
}
