namespace Temporalio.Worker;

/// <summary>Changes how workers and replayers are set up and run.</summary>
public interface ITemporalWorkerPlugin
{
    string Name { get; }

    /// <summary>Called once by the constructor of the worker, on its own copy of the options.</summary>
    void ConfigureWorker(TemporalWorkerOptions options);

    /// <summary>Wraps the run of a worker; call <paramref name="continuation"/> to go on.</summary>
    Task<TResult> RunWorkerAsync<TResult>(
        TemporalWorker worker,
        Func<TemporalWorker, CancellationToken, Task<TResult>> continuation,
        CancellationToken stoppingToken);

    /// <summary>Called once by the constructor of the replayer, on its own copy of the options.</summary>
    void ConfigureReplayer(WorkflowReplayerOptions options);

    /// <summary>Wraps a replay.</summary>
    Task<IEnumerable<WorkflowReplayResult>> ReplayWorkflowsAsync(
        WorkflowReplayer replayer,
        Func<WorkflowReplayer, CancellationToken, Task<IEnumerable<WorkflowReplayResult>>> continuation,
        CancellationToken cancellationToken);

    /// <summary>Wraps a replay.</summary>
    IAsyncEnumerable<WorkflowReplayResult> ReplayWorkflowsAsync(
        WorkflowReplayer replayer,
        Func<WorkflowReplayer, IAsyncEnumerable<WorkflowReplayResult>> continuation,
        CancellationToken cancellationToken);
}
