using Payments.Connection;
using Temporalio.Client;

namespace Payments.Ingress;

/// <summary>The client of this process: connects when it can, and is ready when the namespace has what payments need.</summary>
public sealed partial class EngineLink : BackgroundService
{
    private readonly TimeProvider time;
    private readonly ILogger<EngineLink> logger;

    /// <param name="given">A client that somebody else has connected, for hosting in one process.</param>
    public EngineLink(IConfiguration configuration, ILoggerFactory loggers, TimeProvider time, ITemporalClient? given)
    {
        this.time = time;
        logger = loggers.CreateLogger<EngineLink>();
        Client = given ?? TemporalClient.CreateLazy(EngineConnection.Options(configuration, loggers));
    }

    /// <summary>Connects by itself when first used.</summary>
    public ITemporalClient Client { get; }

    public TimeProvider Time => time;

    /// <summary>The namespace was prepared once.</summary>
    public bool IsPrepared { get; private set; }

    /// <summary>Whether the engine answers now.</summary>
    public async Task<bool> IsHealthyAsync(CancellationToken cancellationToken)
    {
        if (!IsPrepared)
        {
            return false;
        }
        try
        {
            return await Client.Connection.CheckHealthAsync(
                options: new RpcOptions { Timeout = TimeSpan.FromSeconds(2), Retry = false, CancellationToken = cancellationToken }).ConfigureAwait(false);
        }
        catch (Exception e) when (EngineFaults.ToProblem(e) is not null)
        {
            return false;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = TimeSpan.FromMilliseconds(50);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await EngineSetup.EnsureSearchAttributesAsync(Client, logger, stoppingToken).ConfigureAwait(false);
                IsPrepared = true;
                return;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogWaiting(logger, e.Message, pause);
            }
            catch
            {
                // Whatever it was doing: the process ends, and that is no failure.
                return;
            }
            try
            {
                await Task.Delay(pause, time, stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            pause = pause * 2 > TimeSpan.FromSeconds(2) ? TimeSpan.FromSeconds(2) : pause * 2;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The engine is not ready ({Reason}); trying again in {Pause}")]
    private static partial void LogWaiting(ILogger logger, string reason, TimeSpan pause);
}
