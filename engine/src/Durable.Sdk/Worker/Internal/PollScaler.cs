using Temporalio.Api.TaskQueue.V1;
using Temporalio.Worker.Tuning;

namespace Temporalio.Worker.Internal;

/// <summary>Keeps as many polls of one kind open as the behavior wants: a fixed number, or one that follows what the server says with its answers.</summary>
internal sealed class PollScaler
{
    /// <summary>More polls are worth opening while each such time brings a tenth more tasks than the one before; otherwise the worker is the limit, not its polls.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private readonly Lock sync = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider clock;
    private readonly Action<int> report;
    private readonly int minimum;
    private readonly int maximum;
    private readonly bool scales;
    private Func<Task>? loop;
    private CancellationToken stop;
    private Exception? failure;
    private bool heard;
    private int target;
    private int open;
    private int alive;
    private long periodBegan;
    private int taken;
    private int takenBefore;
    private bool grows = true;

    /// <param name="canScaleDown">Whether the server says that it scales polls: then an empty poll is one too many, also before its first decision.</param>
    /// <param name="report">Told how many polls are open.</param>
    public PollScaler(PollerBehavior behavior, bool canScaleDown, TimeProvider clock, Action<int> report)
    {
        this.clock = clock;
        this.report = report;
        heard = canScaleDown;
        periodBegan = clock.GetTimestamp();
        if (behavior is PollerBehavior.Autoscaling scaling)
        {
            scales = true;
            minimum = Math.Max(1, scaling.Minimum);
            maximum = Math.Max(minimum, scaling.Maximum);
            target = Math.Clamp(scaling.Initial, minimum, maximum);
        }
        else
        {
            minimum = maximum = target = Math.Max(1, ((PollerBehavior.SimpleMaximum)behavior).Maximum);
        }
    }

    /// <summary>Runs loops of polls until all of them have ended.</summary>
    /// <param name="polls">Begins a loop, which asks <see cref="Continues"/> before each poll and tells how the poll ended.</param>
    /// <param name="stop">After this no loop is begun.</param>
    /// <exception cref="Exception">Whatever the first loop that failed threw.</exception>
    public async Task RunAsync(Func<Task> polls, CancellationToken stop)
    {
        lock (sync)
        {
            loop = polls;
            this.stop = stop;
            alive = 1;
            Open();
            End();
        }
        await ended.Task.ConfigureAwait(false);
    }

    /// <returns>False: this loop is one too many and ends.</returns>
    public bool Continues()
    {
        lock (sync)
        {
            if (open <= target)
            {
                return true;
            }
            open--;
            report(open);
            return false;
        }
    }

    /// <param name="decision">Null: the server said nothing about polls.</param>
    public void Answered(bool isEmpty, PollerScalingDecision? decision)
    {
        if (!scales)
        {
            return;
        }
        lock (sync)
        {
            Look();
            taken += isEmpty ? 0 : 1;
            if (decision is not null)
            {
                heard = true;
                if (decision.PollRequestDeltaSuggestion < 0 || grows)
                {
                    Aim((long)target + decision.PollRequestDeltaSuggestion);
                }
            }
            else if (isEmpty && heard)
            {
                // A server that never decides would not raise the number again.
                Aim(target - 1);
            }
        }
    }

    /// <param name="isExhausted">Whether the server has too much to do.</param>
    public void Failed(bool isExhausted)
    {
        if (!scales)
        {
            return;
        }
        lock (sync)
        {
            if (heard)
            {
                Aim(isExhausted ? target / 2 : target - 1);
            }
        }
    }

    private void Look()
    {
        var passed = clock.GetElapsedTime(periodBegan) / Period;
        if (passed < 1)
        {
            return;
        }
        // Later than one period on, the last ones brought nothing.
        (takenBefore, taken) = passed < 2 ? (takenBefore, taken) : (passed < 3 ? taken : 0, 0);
        grows = taken >= (int)(takenBefore * 1.1);
        (takenBefore, taken) = (taken, 0);
        periodBegan = clock.GetTimestamp();
    }

    private void Aim(long wanted)
    {
        target = (int)Math.Clamp(wanted, minimum, maximum);
        Open();
    }

    private void Open()
    {
        for (; open < target && !stop.IsCancellationRequested; open++)
        {
            alive++;
            _ = LoopAsync();
        }
        report(open);
    }

    private async Task LoopAsync()
    {
        // Off the caller's thread and lock, whatever the transport does before its first wait.
        await Task.Yield();
        try
        {
            await loop!().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            lock (sync)
            {
                failure ??= e;
            }
        }
        lock (sync)
        {
            End();
        }
    }

    private void End()
    {
        if (--alive > 0)
        {
            return;
        }
        if (failure is null)
        {
            ended.TrySetResult();
        }
        else
        {
            ended.TrySetException(failure);
        }
    }
}
