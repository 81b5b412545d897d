using Temporalio.Activities;
using Temporalio.Testing;

namespace Durable.Sdk.Tests.Testing;

public class ActivityEnvironmentTests
{
    [Fact]
    public async Task Run_AnActivity_SeesItsContext()
    {
        var heartbeats = new List<object?>();
        var environment = new ActivityEnvironment
        {
            Info = ActivityEnvironment.DefaultInfo with { Attempt = 7 },
            Heartbeater = heartbeats.AddRange,
        };

        (await environment.RunAsync(static () =>
        {
            ActivityExecutionContext.Current.Heartbeat("half", 50);
            return ActivityExecutionContext.Current.Info.Attempt;
        })).ShouldBe(7);

        heartbeats.ShouldBe(["half", 50]);
        ActivityExecutionContext.HasCurrent.ShouldBeFalse();
    }

    [Fact]
    public async Task Cancel_WhileItRuns_ReachesTheActivityWithTheReason()
    {
        var environment = new ActivityEnvironment();
        var started = new TaskCompletionSource();
        var running = environment.RunAsync(async () =>
        {
            started.SetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, ActivityExecutionContext.Current.CancellationToken);
                return ActivityCancelReason.None;
            }
            catch (OperationCanceledException)
            {
                return ActivityExecutionContext.Current.CancelReason;
            }
        });
        await started.Task;
        environment.Cancel(ActivityCancelReason.GoneFromServer);
        environment.Cancel(ActivityCancelReason.Timeout);

        (await running).ShouldBe(ActivityCancelReason.GoneFromServer);
        environment.CancellationDetails!.IsGoneFromServer.ShouldBeTrue();
    }

    [Fact]
    public async Task WhatAnActivityThrows_ComesOutAsItIs() =>
        (await Should.ThrowAsync<InvalidOperationException>(() => new ActivityEnvironment().RunAsync(static () => throw new InvalidOperationException("ordinary")))).Message.ShouldBe("ordinary");
}
