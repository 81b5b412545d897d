using System.Runtime.CompilerServices;
using Temporalio.Client;
using Temporalio.Worker;

namespace Temporalio.Common;

/// <summary>A plugin of options: what it has is added to clients, workers and replayers.</summary>
public class SimplePlugin : ITemporalClientPlugin, ITemporalWorkerPlugin
{
    public SimplePlugin(string name, SimplePluginOptions? options = null)
    {
        Name = name;
        Options = options ?? new();
    }

    public string Name { get; }

    public SimplePluginOptions Options { get; }

    /// <inheritdoc/>
    public virtual void ConfigureClient(TemporalClientOptions options)
    {
        options.DataConverter = Replaced(options.DataConverter, Options.DataConverterOption);
        options.Interceptors = Extended(options.Interceptors, Options.ClientInterceptorsOption);
    }

    /// <inheritdoc/>
    public virtual Task<TemporalConnection> ConnectAsync(
        TemporalClientConnectOptions options, Func<TemporalClientConnectOptions, Task<TemporalConnection>> continuation) => continuation(options);

    /// <inheritdoc/>
    public virtual void ConfigureWorker(TemporalWorkerOptions options)
    {
        AddAll(options.Activities, Options.Activities);
        AddAll(options.Workflows, Options.Workflows);
        options.Interceptors = Extended(options.Interceptors, Options.WorkerInterceptorsOption);
        options.WorkflowFailureExceptionTypes = Extended(options.WorkflowFailureExceptionTypes, Options.WorkflowFailureExceptionTypesOption);
    }

    /// <inheritdoc/>
    public virtual Task<TResult> RunWorkerAsync<TResult>(
        TemporalWorker worker, Func<TemporalWorker, CancellationToken, Task<TResult>> continuation, CancellationToken stoppingToken) =>
        WithinContextAsync(() => continuation(worker, stoppingToken));

    /// <inheritdoc/>
    public virtual void ConfigureReplayer(WorkflowReplayerOptions options)
    {
        options.DataConverter = Replaced(options.DataConverter, Options.DataConverterOption);
        AddAll(options.Workflows, Options.Workflows);
        options.Interceptors = Extended(options.Interceptors, Options.WorkerInterceptorsOption);
        options.WorkflowFailureExceptionTypes = Extended(options.WorkflowFailureExceptionTypes, Options.WorkflowFailureExceptionTypesOption);
    }

    /// <inheritdoc/>
    public virtual Task<IEnumerable<WorkflowReplayResult>> ReplayWorkflowsAsync(
        WorkflowReplayer replayer,
        Func<WorkflowReplayer, CancellationToken, Task<IEnumerable<WorkflowReplayResult>>> continuation,
        CancellationToken cancellationToken) => WithinContextAsync(() => continuation(replayer, cancellationToken));

    /// <inheritdoc/>
    public virtual async IAsyncEnumerable<WorkflowReplayResult> ReplayWorkflowsAsync(
        WorkflowReplayer replayer,
        Func<WorkflowReplayer, IAsyncEnumerable<WorkflowReplayResult>> continuation,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await RunAsync(Options.RunContextBefore).ConfigureAwait(false);
        try
        {
            await foreach (var result in continuation(replayer).WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                yield return result;
            }
        }
        finally
        {
            await RunAsync(Options.RunContextAfter).ConfigureAwait(false);
        }
    }

    private static Task RunAsync(Func<Task>? function) => function is null ? Task.CompletedTask : function();

    private static T Replaced<T>(T existing, SimplePluginOptions.SimplePluginOption<T>? option)
    {
        if (option is null)
        {
            return existing;
        }
        var value = option.Constant ?? existing;
        return option.Configurable is { } change ? change(value) : value;
    }

    private static IReadOnlyCollection<T>? Extended<T>(
        IReadOnlyCollection<T>? existing, SimplePluginOptions.SimplePluginOption<IReadOnlyCollection<T>?>? option)
    {
        if (option is null)
        {
            return existing;
        }
        var value = option.Constant is { } more ? [.. existing ?? [], .. more] : existing;
        return option.Configurable is { } change ? change(value) : value;
    }

    private static void AddAll<T>(IList<T> target, IEnumerable<T> items)
    {
        foreach (var item in items)
        {
            target.Add(item);
        }
    }

    private async Task<T> WithinContextAsync<T>(Func<Task<T>> function)
    {
        await RunAsync(Options.RunContextBefore).ConfigureAwait(false);
        try
        {
            return await function().ConfigureAwait(false);
        }
        finally
        {
            await RunAsync(Options.RunContextAfter).ConfigureAwait(false);
        }
    }
}
