using Durable.Server;
using Durable.Server.Storage;
using Durable.Server.Time;
using Temporalio.Client;

namespace Temporalio.Testing.Internal;

/// <summary>On a server of this process whose clock jumps.</summary>
internal sealed class TimeSkippingEnvironment : InProcessEnvironment
{
    private readonly VirtualClock clock;
    private readonly TimeSkipping skipping;

    private TimeSkippingEnvironment(ITemporalClient client, DurableServer server, VirtualClock clock, TimeSkipping skipping)
        : base(client, server)
    {
        this.clock = clock;
        this.skipping = skipping;
        skipping.Service = client.Connection.TestService;
    }

    public override bool SupportsTimeSkipping => true;

    public static async Task<WorkflowEnvironment> StartAsync(WorkflowEnvironmentStartTimeSkippingOptions options)
    {
        var clock = new VirtualClock();
        var server = await DurableServer.StartAsync(new()
        {
            Store = new MemoryStore(),
            Namespaces = [options.Namespace],
            Limits = ServerArguments.Parse(options.TestServer.ExtraArgs).Limits,
            LoggerFactory = options.LoggerFactory,
            Clock = clock,
            TimeSkipping = clock,
            // Years may pass in a test; what it did must still be there to look at.
            Retention = TimeSpan.FromDays(36_500),
        }).ConfigureAwait(false);
        var skipping = new TimeSkipping();
        options.Interceptors = [skipping, .. options.Interceptors ?? []];
        return new TimeSkippingEnvironment(await ConnectAsync(server, options).ConfigureAwait(false), server, clock, skipping);
    }

    public override Task DelayAsync(TimeSpan delay, CancellationToken? cancellationToken = null) => skipping.SleepAsync(delay, cancellationToken ?? default);

    public override Task<DateTime> GetCurrentTimeAsync() => skipping.GetCurrentTimeAsync();

    public override Task<T> WithAutoTimeSkippingDisabledAsync<T>(Func<Task<T>> func) => skipping.WithoutAsync(func);

    public override async Task ShutdownAsync()
    {
        await base.ShutdownAsync().ConfigureAwait(false);
        clock.Dispose();
    }
}
