using Microsoft.AspNetCore.Builder;
using Payments.FaultProxy;
using Payments.Lab.Processes;
using Payments.Lab.Watch;

namespace Payments.Lab;

/// <summary>
/// A lab that runs: the four processes, the fault proxy and the lab's own pages. Tests and the bench start it as the command line does.
/// Disposing stops everything.
/// </summary>
public sealed class RunningLab : ILab, IAsyncDisposable
{
    private readonly LabFolder folder;
    private readonly Dictionary<string, ChildProcess> children;
    private readonly WebApplication proxy;
    private readonly WebApplication pages;
    private readonly LedgerAuditor auditor;

    private RunningLab(LabOptions options, LabFolder folder, TimeProvider clock)
    {
        Options = options;
        this.folder = folder;
        Addresses = LabAddresses.For(options.Ports);
        children = ProcessSpecs.For(options).ToDictionary(spec => spec.Name, spec => new ChildProcess(spec, folder.Logs, options.Restart, clock));
        proxy = FaultProxyApp.Build(Addresses.FaultProxy);
        auditor = new LedgerAuditor(Http, Addresses, clock);
        pages = LabPages.Build(this);
    }

    public LabOptions Options { get; }

    public LabAddresses Addresses { get; }

    public string Logs => folder.Logs;

    /// <summary>For the lab's own questions; no redirects, no keep-alive across a restart of a child that would surprise.</summary>
    public HttpClient Http { get; } = new() { Timeout = TimeSpan.FromSeconds(100) };

    public IReadOnlyCollection<ChildProcess> Children => children.Values;

    /// <param name="name">One of <see cref="ProcessNames"/>.</param>
    public ChildProcess this[string name] =>
        children.TryGetValue(name, out var child) ? child : throw new LabException($"There is no process \"{name}\": one of {string.Join(", ", children.Keys)}.");

    /// <summary>Starts everything and returns when each process says that it is ready.</summary>
    /// <exception cref="LabException">A port is taken, a folder cannot be written, a process does not become ready: the message says which and what to do.</exception>
    public static async Task<RunningLab> StartAsync(LabOptions options, Action<ChildProcess, ProcessDeath>? died = null, TimeProvider? clock = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = Preflight.Check(options);
        if (problems.Count > 0)
        {
            throw new LabException(string.Join('\n', problems));
        }
        var folder = LabFolder.Open(options.Data, options.Clean);
        var lab = new RunningLab(options, folder, clock ?? TimeProvider.System);
        try
        {
            foreach (var child in lab.Children)
            {
                child.Died += died;
                await child.StartAsync().ConfigureAwait(false);
            }
            await Task.WhenAll(lab.proxy.StartAsync(cancellation), lab.pages.StartAsync(cancellation)).ConfigureAwait(false);
            await lab.ReadyAsync(cancellation).ConfigureAwait(false);
            lab.WriteState();
            return lab;
        }
        catch
        {
            await lab.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Returns when each process says that it is ready.</summary>
    public async Task ReadyAsync(CancellationToken cancellation = default)
    {
        using var late = new CancellationTokenSource(Options.ReadyWithin);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        var waits = Children.Select(child => child.ReadyAsync(Http, either.Token)).ToArray();
        try
        {
            // In the order in which they need each other: what keeps the first is what keeps the others.
            foreach (var wait in waits)
            {
                await wait.ConfigureAwait(false);
            }
        }
        catch (LabException e) when (cancellation.IsCancellationRequested)
        {
            // Ctrl-C, not a process that took too long.
            throw new OperationCanceledException(e.Message, e, cancellation);
        }
        finally
        {
            await late.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>What each process says of itself now.</summary>
    public async Task<IReadOnlyList<ProcessStatus>> StatusAsync(CancellationToken cancellation = default)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // A frozen process is not ready, and says so by saying nothing.
        late.CancelAfter(TimeSpan.FromSeconds(2));
        return await Task.WhenAll(Children.Select(async child =>
        {
            bool ready;
            try
            {
                ready = await child.IsReadyAsync(Http, late.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                ready = false;
            }
            return ProcessStatus.Of(child.Name, child.Pid, ready, child.Starts, child.Spec.Ready.GetLeftPart(UriPartial.Authority));
        })).ConfigureAwait(false);
    }

    async Task ILab.ActAsync(string process, string action)
    {
        var child = this[process];
        switch (action)
        {
            case LabActions.Restart:
                await child.RestartAsync().ConfigureAwait(false);
                break;
            case LabActions.Kill:
                await child.KillAsync().ConfigureAwait(false);
                break;
            case LabActions.Start:
                await child.StartAsync().ConfigureAwait(false);
                break;
            case LabActions.Pause:
                await child.PauseAsync().ConfigureAwait(false);
                break;
            case LabActions.Resume:
                child.Resume();
                break;
            default:
                throw new LabException($"There is no action \"{action}\": one of {string.Join(", ", LabActions.All.Keys)}.");
        }
    }

    /// <summary>Money at the gateway that the service does not know of.</summary>
    public Task<LedgerAudit> AuditAsync(CancellationToken cancellation = default) => auditor.ReadAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        foreach (var child in Children)
        {
            child.LetGo();
        }
        // Callers first, so that nothing is asked of a process that is on its way out.
        await children[ProcessNames.Ingress].DisposeAsync().ConfigureAwait(false);
        await children[ProcessNames.Worker].DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(new[] { ProcessNames.Server, ProcessNames.Gateway }.Select(name => children[name].DisposeAsync().AsTask())).ConfigureAwait(false);
        await pages.DisposeAsync().ConfigureAwait(false);
        await proxy.DisposeAsync().ConfigureAwait(false);
        Http.Dispose();
        File.Delete(Path.Combine(folder.Root, LabState.FileName));
        folder.Dispose();
    }

    private void WriteState() => new LabState(Environment.ProcessId, Options.Ports).Write(folder.Root);
}
