using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.TestService.V1;
using Temporalio.Client;
using Temporalio.Client.Interceptors;
using Temporalio.Exceptions;

namespace Temporalio.Testing.Internal;

/// <summary>The client's side of virtual time: unlocks it while a result is waited for.</summary>
internal sealed class TimeSkipping : IClientInterceptor
{
    // The wait is for virtual time, which may have to wait for real work; and it must not be repeated, because it counts.
    private static readonly TimeSpan SleepTimeout = TimeSpan.FromHours(1);

    private readonly AsyncLocal<bool> disabled = new();

    public TestService Service { get; set; } = null!;

    public ClientOutboundInterceptor InterceptClient(ClientOutboundInterceptor nextInterceptor) => new Outbound(nextInterceptor, this);

    public Task SleepAsync(TimeSpan delay, CancellationToken cancellationToken) => Service.UnlockTimeSkippingWithSleepAsync(
        new SleepRequest { Duration = Duration.FromTimeSpan(delay) },
        new RpcOptions { Retry = false, Timeout = SleepTimeout, CancellationToken = cancellationToken });

    public async Task<DateTime> GetCurrentTimeAsync() => (await Service.GetCurrentTimeAsync(new Empty()).ConfigureAwait(false)).Time.ToDateTime();

    public async Task<T> WithoutAsync<T>(Func<Task<T>> func)
    {
        // The value is this method's alone: it ends with it.
        disabled.Value = true;
        return await func().ConfigureAwait(false);
    }

    public async Task<T> UnlockedAsync<T>(Func<Task<T>> wait)
    {
        if (disabled.Value)
        {
            return await wait().ConfigureAwait(false);
        }
        await Service.UnlockTimeSkippingAsync(new()).ConfigureAwait(false);
        T result;
        try
        {
            result = await wait().ConfigureAwait(false);
        }
        catch
        {
            try
            {
                await Service.LockTimeSkippingAsync(new()).ConfigureAwait(false);
            }
            catch (RpcException)
            {
                // The failure of the wait is the one to show.
            }
            throw;
        }
        await Service.LockTimeSkippingAsync(new()).ConfigureAwait(false);
        return result;
    }

    private sealed class Outbound(ClientOutboundInterceptor next, TimeSkipping skipping) : ClientOutboundInterceptor(next)
    {
        public override async Task<WorkflowHandle<TWorkflow, TResult>> StartWorkflowAsync<TWorkflow, TResult>(StartWorkflowInput input) =>
            new Handle<TWorkflow, TResult>(await base.StartWorkflowAsync<TWorkflow, TResult>(input).ConfigureAwait(false), skipping);
    }

    private sealed record Handle<TWorkflow, TResult> : WorkflowHandle<TWorkflow, TResult>
    {
        private readonly TimeSkipping skipping;

        public Handle(WorkflowHandle<TWorkflow, TResult> started, TimeSkipping skipping)
            : base(started) => this.skipping = skipping;

        public override Task<T> GetResultAsync<T>(bool followRuns = true, RpcOptions? rpcOptions = null) =>
            skipping.UnlockedAsync(() => base.GetResultAsync<T>(followRuns, rpcOptions));
    }
}
