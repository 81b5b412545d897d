using Microsoft.Extensions.Logging;
using Temporalio.Client;
using Temporalio.Testing.Internal;

namespace Temporalio.Testing;

/// <summary>A server to test workflows on, and a client of it.</summary>
/// <remarks>
/// Without an executable in the options the server runs in this process, without a port: <see cref="Client"/> and workers made with it reach
/// it, other processes do not. So do clients that are made with the <c>TargetHost</c> of its connection, those of hosted workers for example.
/// It starts in milliseconds, so that each test can have its own.
/// </remarks>
public class WorkflowEnvironment : IAsyncDisposable
{
    /// <summary>An environment on a server that is there already. Shutting it down leaves the server alone.</summary>
    public WorkflowEnvironment(ITemporalClient client)
    {
        Client = client;
        Logger = client.Options.LoggerFactory.CreateLogger<WorkflowEnvironment>();
    }

    public ITemporalClient Client { get; protected init; }

    public virtual bool SupportsTimeSkipping => false;

    protected ILogger<WorkflowEnvironment> Logger { get; }

    /// <summary>Starts a server on the real clock.</summary>
    /// <exception cref="InvalidOperationException">An executable of the options does not start or does not answer.</exception>
    public static Task<WorkflowEnvironment> StartLocalAsync(WorkflowEnvironmentStartLocalOptions? options = null)
    {
        options = (WorkflowEnvironmentStartLocalOptions?)options?.Clone() ?? new();
        return options.DevServerOptions.ExistingPath is null ? InProcessEnvironment.StartAsync(options) : ExecutableEnvironment.StartAsync(options);
    }

    /// <summary>
    /// Starts a server whose time jumps to the next timer while a result is waited for, on handles of started workflows, or while
    /// <see cref="DelayAsync(TimeSpan, CancellationToken?)"/> waits, and nothing is being worked on.
    /// </summary>
    /// <exception cref="InvalidOperationException">An executable of the options does not start or does not answer.</exception>
    public static Task<WorkflowEnvironment> StartTimeSkippingAsync(WorkflowEnvironmentStartTimeSkippingOptions? options = null)
    {
        options = (WorkflowEnvironmentStartTimeSkippingOptions?)options?.Clone() ?? new();
        return options.TestServer.ExistingPath is null ? TimeSkippingEnvironment.StartAsync(options) : ExecutableEnvironment.StartAsync(options);
    }

    /// <inheritdoc cref="DelayAsync(TimeSpan, CancellationToken?)"/>
    public Task DelayAsync(int millisecondsDelay, CancellationToken? cancellationToken = null) =>
        DelayAsync(TimeSpan.FromMilliseconds(millisecondsDelay), cancellationToken);

    /// <summary>Waits until the time has passed on the server, where that time is virtual, and here otherwise.</summary>
    public virtual Task DelayAsync(TimeSpan delay, CancellationToken? cancellationToken = null) => Task.Delay(delay, cancellationToken ?? default);

    /// <summary>The server's time, where that is virtual, and this machine's otherwise; UTC.</summary>
    public virtual Task<DateTime> GetCurrentTimeAsync() => Task.FromResult(DateTime.UtcNow);

    /// <inheritdoc cref="WithAutoTimeSkippingDisabledAsync{T}(Func{Task{T}})"/>
    public void WithAutoTimeSkippingDisabled(Action func) => WithAutoTimeSkippingDisabled(() =>
    {
        func();
        return true;
    });

    /// <inheritdoc cref="WithAutoTimeSkippingDisabledAsync{T}(Func{Task{T}})"/>
    public T WithAutoTimeSkippingDisabled<T>(Func<T> func) => WithAutoTimeSkippingDisabledAsync(() => Task.FromResult(func())).GetAwaiter().GetResult();

    /// <inheritdoc cref="WithAutoTimeSkippingDisabledAsync{T}(Func{Task{T}})"/>
    public Task WithAutoTimeSkippingDisabledAsync(Func<Task> func) => WithAutoTimeSkippingDisabledAsync(async () =>
    {
        await func().ConfigureAwait(false);
        return true;
    });

    /// <summary>Waits for results in the function do not make time jump.</summary>
    public virtual Task<T> WithAutoTimeSkippingDisabledAsync<T>(Func<Task<T>> func) => func();

    /// <summary>Stops a server that was started here.</summary>
    public virtual Task ShutdownAsync() => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await ShutdownAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }
}
