namespace Temporalio.Workflows;

/// <summary>Lets one part of a workflow at a time into a section that waits. First come, first served; the same order on replay.</summary>
/// <remarks>Not tied to who took it: whoever calls <see cref="ReleaseMutex"/> releases.</remarks>
public class Mutex
{
    private readonly Semaphore semaphore = new(1);

    /// <exception cref="InvalidOperationException">Not in a workflow.</exception>
    public Mutex()
    {
    }

    /// <inheritdoc cref="Semaphore.WaitAsync(CancellationToken?)"/>
    public Task WaitOneAsync(CancellationToken? cancellationToken = null) => semaphore.WaitAsync(cancellationToken);

    /// <inheritdoc cref="Semaphore.WaitAsync(int, CancellationToken?)"/>
    public Task<bool> WaitOneAsync(int millisecondsTimeout, CancellationToken? cancellationToken = null) =>
        semaphore.WaitAsync(millisecondsTimeout, cancellationToken);

    /// <inheritdoc cref="Semaphore.WaitAsync(TimeSpan, CancellationToken?)"/>
    public Task<bool> WaitOneAsync(TimeSpan timeout, CancellationToken? cancellationToken = null) =>
        semaphore.WaitAsync(timeout, cancellationToken);

    /// <exception cref="InvalidOperationException">Nobody holds it.</exception>
    public void ReleaseMutex() => semaphore.Release();
}
