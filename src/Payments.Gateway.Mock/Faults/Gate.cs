namespace Payments.Gateway.Mock.Faults;

/// <summary>A place where requests wait until a test lets them go; and where a test waits for requests. Thread-safe.</summary>
public sealed class Gate(string name)
{
    private readonly Lock changing = new();
    private readonly TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(int Count, TaskCompletionSource Reached)> watchers = [];
    private int waiting;
    private int arrived;

    public GateState State
    {
        get
        {
            lock (changing)
            {
                return new GateState(name, waiting, arrived, open.Task.IsCompleted);
            }
        }
    }

    /// <summary>Returns when the gate is released, at once if it was.</summary>
    public async Task PassAsync()
    {
        lock (changing)
        {
            arrived++;
            waiting++;
            foreach (var (count, reached) in watchers)
            {
                if (waiting >= count)
                {
                    reached.TrySetResult();
                }
            }
        }
        await open.Task.ConfigureAwait(false);
        lock (changing)
        {
            waiting--;
        }
    }

    public void Release() => open.TrySetResult();

    /// <returns>False when <paramref name="cancellation"/> came first.</returns>
    public async Task<bool> WaitForAsync(int count, CancellationToken cancellation)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (changing)
        {
            if (waiting >= count)
            {
                return true;
            }
            watchers.Add((count, reached));
        }
        try
        {
            await reached.Task.WaitAsync(cancellation).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        finally
        {
            lock (changing)
            {
                watchers.RemoveAll(watcher => watcher.Reached == reached);
            }
        }
    }
}
