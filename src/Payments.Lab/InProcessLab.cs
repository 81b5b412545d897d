using Durable.Server.Host;
using Microsoft.AspNetCore.Builder;
using Payments.FaultProxy;
using Payments.Gateway.Mock;
using Payments.Ingress;
using Payments.Lab.Processes;
using Payments.Lab.Watch;
using Payments.Worker;

namespace Payments.Lab;

/// <summary>The same four parts on the same ports, in this one process: quick to start, and nothing in it can be killed alone.</summary>
public sealed class InProcessLab : ILab, IAsyncDisposable
{
    private readonly LabFolder folder;
    private readonly HttpClient http = new();
    private readonly LedgerAuditor auditor;
    private readonly IReadOnlyList<ProcessSpec> specs;
    private readonly List<IAsyncDisposable> parts = [];

    private InProcessLab(LabOptions options, LabFolder folder)
    {
        this.folder = folder;
        Addresses = LabAddresses.For(options.Ports);
        auditor = new LedgerAuditor(http, Addresses, TimeProvider.System);
        specs = ProcessSpecs.For(options);
    }

    public LabAddresses Addresses { get; }

    /// <exception cref="LabException">A port is taken, or the folder cannot be written.</exception>
    public static async Task<InProcessLab> StartAsync(LabOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = Preflight.Check(options with { InProcess = true });
        if (problems.Count > 0)
        {
            throw new LabException(string.Join('\n', problems));
        }
        var lab = new InProcessLab(options, LabFolder.Open(options.Data, options.Clean));
        try
        {
            await lab.StartPartsAsync(options, cancellation).ConfigureAwait(false);
            new LabState(Environment.ProcessId, options.Ports).Write(lab.folder.Root);
            return lab;
        }
        catch
        {
            await lab.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Callers first, so that nothing is asked of a part that is on its way out.
        for (var i = parts.Count - 1; i >= 0; i--)
        {
            await parts[i].DisposeAsync().ConfigureAwait(false);
        }
        http.Dispose();
        File.Delete(Path.Combine(folder.Root, LabState.FileName));
        folder.Dispose();
    }

    async Task<IReadOnlyList<ProcessStatus>> ILab.StatusAsync(CancellationToken cancellation) =>
        await Task.WhenAll(specs.Select(async spec =>
        {
            using var answer = await http.GetAsync(spec.Ready, cancellation).ConfigureAwait(false);
            return ProcessStatus.Of(spec.Name, Environment.ProcessId, answer.IsSuccessStatusCode, 1, spec.Ready.GetLeftPart(UriPartial.Authority));
        })).ConfigureAwait(false);

    Task ILab.ActAsync(string process, string action) =>
        throw new LabException($"Everything is in one process: nothing to {action} alone. Start the lab without --in-process.");

    Task<LedgerAudit> ILab.AuditAsync(CancellationToken cancellation) => auditor.ReadAsync(cancellation);

    private async Task StartPartsAsync(LabOptions options, CancellationToken cancellation)
    {
        var ports = options.Ports;
        parts.Add(await ServerHost.StartAsync(
            new ServerHostOptions { Port = ports.Server, UiPort = ports.ServerWeb, DatabaseFile = Path.Combine(folder.Root, "server", "temporal.db") },
            cancellation).ConfigureAwait(false));
        // Each part would say that it has started and how to stop it; the lab says both once.
        const string Quiet = "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Warning";
        await StartAsync(GatewayApp.Build(["--urls", Addresses.Gateway, "--Gateway:Ledger", Path.Combine(folder.Root, "gateway", "ledger.log"), Quiet])).ConfigureAwait(false);
        string[] shared = ["--environment", ProcessSpecs.EnvironmentName, $"--TEMPORAL_ADDRESS={Addresses.ServerGrpc}", $"--Gateway:BaseUrl={Addresses.Gateway}", Quiet];
        await StartAsync(WorkerApp.Build(["--urls", Addresses.Worker, .. shared])).ConfigureAwait(false);
        await StartAsync(IngressApp.Build(["--urls", Addresses.Ingress, .. shared])).ConfigureAwait(false);
        await StartAsync(FaultProxyApp.Build(Addresses.FaultProxy)).ConfigureAwait(false);
        await StartAsync(LabPages.Build(this)).ConfigureAwait(false);
        await ReadyAsync(options.ReadyWithin, cancellation).ConfigureAwait(false);

        async Task StartAsync(WebApplication app)
        {
            parts.Add(app);
            await app.StartAsync(cancellation).ConfigureAwait(false);
        }
    }

    private async Task ReadyAsync(TimeSpan within, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(within);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        using var http = new HttpClient();
        using var turn = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        foreach (var (name, address) in new[] { (ProcessNames.Worker, Addresses.Worker), (ProcessNames.Ingress, Addresses.Ingress) })
        {
            try
            {
                while (!await IsReadyAsync(address).ConfigureAwait(false))
                {
                    await turn.WaitForNextTickAsync(either.Token).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
            {
                throw new LabException($"The {name} did not become ready ({address}/health/ready).", e);
            }
        }

        async Task<bool> IsReadyAsync(string address)
        {
            using var answer = await http.GetAsync(address + "/health/ready", either.Token).ConfigureAwait(false);
            return answer.IsSuccessStatusCode;
        }
    }
}
