using Durable.Sdk.Tests.Samples;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Client.Schedules;
using Temporalio.Exceptions;
using Temporalio.Worker;

namespace Durable.Sdk.Tests.Live;

public class InterceptorTests
{
    // Aim: nothing goes past an interceptor. Method: one that overrides all there is, and every call that a client, a workflow and an activity can make.
    [Fact]
    public async Task EveryCall_GoesThroughItsMethod()
    {
        var interceptor = new SeeingInterceptor();
        await SampleWorker.RunAsync(
            new TemporalWorkerOptions(SampleWorker.TaskQueue).AddWorkflow<Intercepted>().AddWorkflow<InterceptedChild>().AddAllActivities(typeof(InterceptedActivities), null),
            async client =>
            {
                var options = SampleWorker.Start("intercepted");
                options.IdConflictPolicy = WorkflowIdConflictPolicy.UseExisting;
                var operation = WithStartWorkflowOperation.Create((Intercepted workflow) => workflow.RunAsync(false), options);
                (await client.ExecuteUpdateWithStartWorkflowAsync((Intercepted workflow) => workflow.CountAsync(1), new(operation))).ShouldBe(2);
                var handle = await operation.GetHandleAsync();
                (await handle.ExecuteUpdateAsync(workflow => workflow.CountAsync(2))).ShouldBe(3);
                (await Should.ThrowAsync<WorkflowUpdateFailedException>(() => handle.ExecuteUpdateAsync(workflow => workflow.CountAsync(-1)))).InnerException!.Message.ShouldBe("below zero");
                (await handle.QueryAsync(workflow => workflow.Where)).ShouldNotBeNull();
                await handle.SignalAsync(workflow => workflow.FinishAsync());
                (await handle.GetResultAsync()).ShouldBe("again");
                await handle.DescribeAsync();
                var other = await client.StartWorkflowAsync((InterceptedChild workflow) => workflow.RunAsync(), SampleWorker.Start());
                await other.CancelAsync();
                (await client.StartWorkflowAsync((InterceptedChild workflow) => workflow.RunAsync(), SampleWorker.Start("to-terminate"))).ShouldNotBeNull();
                await client.GetWorkflowHandle("to-terminate").TerminateAsync();
                (await client.CountWorkflowsAsync("")).Count.ShouldBeGreaterThan(2);
                await EachAsync(client.ListWorkflowsAsync(""));
                await SchedulesAsync(client);
                await AsyncActivitiesAsync(client.GetAsyncActivityHandle("nobody", "nothing", "1"));
                await StandaloneActivitiesAsync(client);
            },
            options => options.Interceptors = [interceptor]);

        interceptor.Seen.ShouldBe(SeeingInterceptor.All);
    }

    private static async Task SchedulesAsync(ITemporalClient client)
    {
        var schedule = new Schedule(ScheduleActionStartWorkflow.Create("any", [], new("of-schedule", "nowhere")), new());
        var handle = await client.CreateScheduleAsync("intercepted", schedule);
        await handle.PauseAsync();
        await handle.UnpauseAsync();
        await handle.TriggerAsync();
        await handle.BackfillAsync([new(DateTime.UtcNow.AddMinutes(-1), DateTime.UtcNow)]);
        await handle.UpdateAsync(static _ => (ScheduleUpdate?)null);
        await handle.DescribeAsync();
        await EachAsync(client.ListSchedulesAsync());
        await handle.DeleteAsync();
    }

    // There is no such activity; the calls are made all the same.
    private static async Task AsyncActivitiesAsync(AsyncActivityHandle handle)
    {
        foreach (var call in new Func<Task>[]
        {
            () => handle.HeartbeatAsync(), () => handle.CompleteAsync(), () => handle.FailAsync(new InvalidOperationException()), () => handle.ReportCancellationAsync(),
        })
        {
            await Should.ThrowAsync<RpcException>(call);
        }
    }

    // Servers may have them or not.
    private static async Task StandaloneActivitiesAsync(ITemporalClient client)
    {
        var handle = client.GetActivityHandle("nobody");
        foreach (var call in new Func<Task>[]
        {
            () => client.StartActivityAsync("any", [], new("standalone", "nowhere") { StartToCloseTimeout = TimeSpan.FromSeconds(1) }),
            () => handle.DescribeAsync(), () => handle.CancelAsync(), () => handle.TerminateAsync(), () => client.CountActivitiesAsync(""),
            () => EachAsync(client.ListActivitiesAsync("")),
        })
        {
            try
            {
                await call();
            }
            catch (RpcException e)
            {
                e.Code.ShouldBeOneOf(RpcException.StatusCode.Unimplemented, RpcException.StatusCode.NotFound);
            }
        }
    }

    private static async Task EachAsync<T>(IAsyncEnumerable<T> items)
    {
        await foreach (var _ in items)
        {
        }
    }
}
