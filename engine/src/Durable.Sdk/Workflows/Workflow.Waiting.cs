namespace Temporalio.Workflows;

public static partial class Workflow
{
    /// <summary>Waits on a durable timer.</summary>
    /// <param name="millisecondsDelay">0 waits 1 ms; -1 waits for the token only, without a timer.</param>
    /// <exception cref="ArgumentException">Less than 0 and not -1.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, before or meanwhile.</exception>
    public static Task DelayAsync(int millisecondsDelay, CancellationToken? cancellationToken = null) =>
        Context.DelayAsync(new(millisecondsDelay, summary: null, cancellationToken));

    /// <inheritdoc cref="DelayAsync(int, CancellationToken?)"/>
    public static Task DelayAsync(TimeSpan delay, CancellationToken? cancellationToken = null) =>
        Context.DelayAsync(new(delay, summary: null, cancellationToken));

    /// <inheritdoc cref="DelayAsync(int, CancellationToken?)"/>
    public static Task DelayWithOptionsAsync(DelayOptions options) => Context.DelayAsync(options);

    /// <summary>Waits until a condition on the workflow's state is true.</summary>
    /// <param name="conditionCheck">Quick and without side effects. Checked after each turn of the event loop in which code ran; of several
    /// true conditions the one that began to wait first is woken, then all are checked again.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Task WaitConditionAsync(Func<bool> conditionCheck, CancellationToken? cancellationToken = null) =>
        Context.WaitConditionAsync(new(conditionCheck, cancellationToken: cancellationToken));

    /// <inheritdoc cref="WaitConditionAsync(Func{bool}, TimeSpan, CancellationToken?)"/>
    public static Task<bool> WaitConditionAsync(Func<bool> conditionCheck, int timeoutMilliseconds, CancellationToken? cancellationToken = null) =>
        WaitConditionAsync(conditionCheck, TimeSpan.FromMilliseconds(timeoutMilliseconds), cancellationToken);

    /// <summary>Waits until a condition on the workflow's state is true, or a durable timer fires.</summary>
    /// <returns>False when the time ran out.</returns>
    /// <inheritdoc cref="WaitConditionAsync(Func{bool}, CancellationToken?)"/>
    public static Task<bool> WaitConditionAsync(Func<bool> conditionCheck, TimeSpan timeout, CancellationToken? cancellationToken = null) =>
        Context.WaitConditionAsync(new(conditionCheck, timeout, "WaitConditionAsync", cancellationToken));

    /// <inheritdoc cref="WaitConditionAsync(Func{bool}, TimeSpan, CancellationToken?)"/>
    public static Task<bool> WaitConditionWithOptionsAsync(WaitConditionOptions options) => Context.WaitConditionAsync(options);

    /// <summary>Queues a function on the workflow's scheduler: <c>Task.Run</c> for workflows.</summary>
    public static Task RunTaskAsync(Func<Task> function, CancellationToken? cancellationToken = null)
    {
        Context.ThrowIfReadOnly("wait or schedule workflow work");
        return Task.Factory.StartNew(
            function, cancellationToken ?? CancellationToken, TaskCreationOptions.None, TaskScheduler.Current).Unwrap();
    }

    /// <inheritdoc cref="RunTaskAsync(Func{Task}, CancellationToken?)"/>
    public static Task<TResult> RunTaskAsync<TResult>(Func<Task<TResult>> function, CancellationToken? cancellationToken = null)
    {
        Context.ThrowIfReadOnly("wait or schedule workflow work");
        return Task.Factory.StartNew(
            function, cancellationToken ?? CancellationToken, TaskCreationOptions.None, TaskScheduler.Current).Unwrap();
    }

    /// <summary><c>Task.WhenAll</c>; here so that workflow code needs to know only one way.</summary>
    public static Task WhenAllAsync(IEnumerable<Task> tasks) => Task.WhenAll(tasks);

    /// <inheritdoc cref="WhenAllAsync(IEnumerable{Task})"/>
    public static Task WhenAllAsync(params Task[] tasks) => Task.WhenAll(tasks);

    /// <inheritdoc cref="WhenAllAsync(IEnumerable{Task})"/>
    public static Task<TResult[]> WhenAllAsync<TResult>(IEnumerable<Task<TResult>> tasks) => Task.WhenAll(tasks);

    /// <inheritdoc cref="WhenAllAsync(IEnumerable{Task})"/>
    public static Task<TResult[]> WhenAllAsync<TResult>(params Task<TResult>[] tasks) => Task.WhenAll(tasks);

    /// <summary><c>Task.WhenAny</c> that stays on the workflow's scheduler, which the generic one of the platform does not.</summary>
    public static Task<Task> WhenAnyAsync(IEnumerable<Task> tasks) => Task.WhenAny(tasks);

    /// <inheritdoc cref="WhenAnyAsync(IEnumerable{Task})"/>
    public static Task<Task> WhenAnyAsync(params Task[] tasks) => Task.WhenAny(tasks);

    /// <inheritdoc cref="WhenAnyAsync(IEnumerable{Task})"/>
    public static async Task<Task<TResult>> WhenAnyAsync<TResult>(IEnumerable<Task<TResult>> tasks) =>
        (Task<TResult>)await Task.WhenAny((IEnumerable<Task>)tasks).ConfigureAwait(true);

    /// <inheritdoc cref="WhenAnyAsync(IEnumerable{Task})"/>
    public static async Task<Task<TResult>> WhenAnyAsync<TResult>(params Task<TResult>[] tasks) =>
        (Task<TResult>)await Task.WhenAny((Task[])tasks).ConfigureAwait(true);
}
