using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Client.Schedules;
using Temporalio.Common;
using Temporalio.Converters;
using Temporalio.Exceptions;
using Temporalio.Worker;

namespace Durable.Sdk.Tests.Samples;

public class SchedulesTests
{
    private static TemporalWorkerOptions Worker => new TemporalWorkerOptions(SampleWorker.TaskQueue).AddWorkflow<GreetingWorkflow>().AddAllActivities(new GreetingActivities());

    private static Schedule Daily => new(
        ScheduleActionStartWorkflow.Create((GreetingWorkflow workflow) => workflow.RunAsync("schedule", false), new(id: "scheduled", taskQueue: SampleWorker.TaskQueue)
        {
            Memo = new Dictionary<string, object> { ["who"] = "the action" },
            StaticSummary = "by schedule",
        }),
        new()
        {
            Calendars = [new() { Hour = [new(9, 17, 4)], DayOfWeek = [new(1, 5)], Comment = "office hours" }],
            Intervals = [new(Every: TimeSpan.FromDays(10), Offset: TimeSpan.FromDays(2))],
            TimeZoneName = "Europe/Berlin",
            Jitter = TimeSpan.FromSeconds(2),
        })
    {
        Policy = new() { Overlap = ScheduleOverlapPolicy.BufferOne, CatchupWindow = TimeSpan.FromMinutes(2), PauseOnFailure = true },
        State = new() { Note = "for a test", LimitedActions = true, RemainingActions = 5 },
    };

    [Fact]
    public Task Schedule_DescribedAfterCreation_IsWhatWasAskedFor() => SampleWorker.RunAsync(Worker, async client =>
    {
        var handle = await client.CreateScheduleAsync("daily", Daily, new() { Memo = new Dictionary<string, object> { ["owner"] = "tests" } });

        var description = await handle.DescribeAsync();

        description.Id.ShouldBe("daily");
        (await description.Memo["owner"].ToValueAsync<string>()).ShouldBe("tests");
        var schedule = description.Schedule;
        schedule.Policy.ShouldBe(Daily.Policy);
        schedule.State.ShouldBe(Daily.State);
        schedule.Spec.TimeZoneName.ShouldBe("Europe/Berlin");
        schedule.Spec.Jitter.ShouldBe(TimeSpan.FromSeconds(2));
        schedule.Spec.Intervals.ShouldBe([new(TimeSpan.FromDays(10), TimeSpan.FromDays(2))]);
        var calendar = schedule.Spec.Calendars.ShouldHaveSingleItem();
        calendar.Hour.ShouldBe([new ScheduleRange(9, 17, 4)]);
        calendar.DayOfWeek.ShouldBe([new ScheduleRange(1, 5, 1)]);
        calendar.Comment.ShouldBe("office hours");
        var action = schedule.Action.ShouldBeOfType<ScheduleActionStartWorkflow>();
        action.Workflow.ShouldBe("GreetingWorkflow");
        (await action.Args.First().ShouldBeAssignableTo<IEncodedRawValue>()!.ToValueAsync<string>()).ShouldBe("schedule");
        action.Options.Id.ShouldBe("scheduled");
        action.Options.StaticSummary.ShouldBe("by schedule");
        (await ((IEncodedRawValue)action.Options.Memo!["who"]).ToValueAsync<string>()).ShouldBe("the action");
        description.Info.NextActionTimes.ShouldNotBeEmpty();
        description.Info.NumActions.ShouldBe(0);
    });

    [Fact]
    public Task CreateSchedule_TakenId_Throws() => SampleWorker.RunAsync(Worker, async client =>
    {
        await client.CreateScheduleAsync("twice", Daily);

        await Should.ThrowAsync<ScheduleAlreadyRunningException>(() => client.CreateScheduleAsync("twice", Daily));
    });

    [Fact]
    public Task Trigger_RunsTheAction() => SampleWorker.RunAsync(Worker, async client =>
    {
        var handle = await client.CreateScheduleAsync("triggered", Daily, new() { TriggerImmediately = true });
        var first = await StartedAsync(handle, 1);

        (await client.GetWorkflowHandle(first.WorkflowId).GetResultAsync<string>()).ShouldBe("Hello, schedule!");
        await handle.TriggerAsync(new() { Overlap = ScheduleOverlapPolicy.AllowAll });
        await StartedAsync(handle, 2);
        var described = await client.GetWorkflowHandle(first.WorkflowId).DescribeAsync();
        described.TypedSearchAttributes.Get(SearchAttributeKey.CreateKeyword("TemporalScheduledById")).ShouldBe("triggered");
        (await described.GetStaticSummaryAsync()).ShouldBe("by schedule");
    });

    [Fact]
    public Task Update_ChangesWhatIsReturned_AndKeepsTheRest() => SampleWorker.RunAsync(Worker, async client =>
    {
        var handle = await client.CreateScheduleAsync("updated", Daily);

        await handle.UpdateAsync(input =>
        {
            var action = (ScheduleActionStartWorkflow)input.Description.Schedule.Action;
            return new ScheduleUpdate(input.Description.Schedule with
            {
                // The first argument goes back as it came, the second is new.
                Action = action with { Args = [action.Args.First(), true] },
                State = new() { Note = "updated" },
            });
        });
        await handle.UpdateAsync(static _ => (ScheduleUpdate?)null);

        var description = await handle.DescribeAsync();
        var updated = (ScheduleActionStartWorkflow)description.Schedule.Action;
        (await ((IEncodedRawValue)updated.Args.First()!).ToValueAsync<string>()).ShouldBe("schedule");
        (await ((IEncodedRawValue)updated.Args.Last()!).ToValueAsync<bool>()).ShouldBeTrue();
        description.Schedule.State.ShouldBe(new ScheduleState { Note = "updated" });
        description.Schedule.Policy.ShouldBe(Daily.Policy);
        description.Info.LastUpdatedAt.ShouldNotBeNull();
    });

    [Fact]
    public Task PauseBackfillListDelete_DoAsTheySay() => SampleWorker.RunAsync(Worker, async client =>
    {
        var handle = await client.CreateScheduleAsync("listed", Daily);
        await handle.PauseAsync();
        (await handle.DescribeAsync()).Schedule.State.ShouldBe(Daily.State with { Paused = true, Note = "Paused via .NET SDK" });
        await handle.UnpauseAsync("go on");
        (await handle.DescribeAsync()).Schedule.State.Note.ShouldBe("go on");
        await handle.BackfillAsync([new(new DateTime(2026, 1, 5, 0, 0, 0, DateTimeKind.Utc), new DateTime(2026, 1, 5, 12, 0, 0, DateTimeKind.Utc), ScheduleOverlapPolicy.AllowAll)]);
        await StartedAsync(handle, 1);

        var entries = new List<ScheduleListDescription>();
        await foreach (var entry in client.ListSchedulesAsync())
        {
            entries.Add(entry);
        }
        var listed = entries.ShouldHaveSingleItem();
        listed.Id.ShouldBe("listed");
        listed.Schedule!.Action.ShouldBe(new ScheduleListActionStartWorkflow("GreetingWorkflow"));
        listed.Schedule.State.ShouldBe(new ScheduleListState("go on", false));
        await handle.DeleteAsync();
        (await Should.ThrowAsync<RpcException>(() => handle.DescribeAsync())).Code.ShouldBe(RpcException.StatusCode.NotFound);
    });

    [Theory]
    [InlineData("id", "ID required")]
    [InlineData("queue", "Task queue required")]
    [InlineData("cron", "Cron schedule cannot be set")]
    [InlineData("signal", "Start signal")]
    [InlineData("reuse", "ID reuse policy cannot change")]
    [InlineData("conflict", "ID conflict policy cannot change")]
    [InlineData("rpc", "RPC options cannot be set")]
    public Task CreateSchedule_OptionThatMakesNoSense_Throws(string wrong, string message) => SampleWorker.RunAsync(Worker, async client =>
    {
        var options = new WorkflowOptions("some-id", SampleWorker.TaskQueue);
        Action spoil = wrong switch
        {
            "id" => () => options.Id = null,
            "queue" => () => options.TaskQueue = null,
            "cron" => () => options.CronSchedule = "* * * * *",
            "signal" => () => options.StartSignal = "signal",
            "reuse" => () => options.IdReusePolicy = WorkflowIdReusePolicy.RejectDuplicate,
            "conflict" => () => options.IdConflictPolicy = WorkflowIdConflictPolicy.UseExisting,
            _ => () => options.Rpc = new(),
        };
        spoil();

        (await Should.ThrowAsync<ArgumentException>(() => client.CreateScheduleAsync("wrong", new(ScheduleActionStartWorkflow.Create("any", [], options), new()))))
            .Message.ShouldStartWith(message);
    });

    private static async Task<ScheduleActionExecutionStartWorkflow> StartedAsync(ScheduleHandle handle, int count)
    {
        IReadOnlyCollection<ScheduleActionResult> actions = [];
        await SampleWorker.UntilAsync(async () => (actions = (await handle.DescribeAsync()).Info.RecentActions).Count >= count);
        return (ScheduleActionExecutionStartWorkflow)actions.Last().Action;
    }
}
