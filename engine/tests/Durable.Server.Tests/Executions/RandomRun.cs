using Durable.Protocol;
using Durable.Server.Executions;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Executions;

/// <summary>A seeded life of one run: a worker that does what it may, clients that ask for everything, and crashes in between.</summary>
internal sealed class RandomRun
{
    private readonly Random random;
    private readonly RunDriver run;
    private readonly List<ActivityStart> activities = [];
    private WorkflowTaskStart? task;
    private int counter;

    public RandomRun(int seed)
    {
        random = new Random(seed);
        run = new RunDriver(seed: seed, configure: attributes =>
        {
            if (seed % 7 == 0)
            {
                attributes.WorkflowRunTimeout = RunDriver.Seconds(120);
            }
        });
    }

    public RunDriver Play(int steps)
    {
        for (var step = 0; step < steps && run.Run.IsRunning; step++)
        {
            try
            {
                Step();
            }
            catch (RpcFaultException fault) when (fault.Code
                is RpcStatusCode.NotFound or RpcStatusCode.ResourceExhausted or RpcStatusCode.FailedPrecondition or RpcStatusCode.InvalidArgument)
            {
                // A stale token after a crash or a timeout, or a limit: told to the caller, and nothing has changed.
                run.Take();
            }
        }
        if (run.Run.IsRunning)
        {
            run.Do(static (execution, now) => execution.Terminate("end", null, "test", now));
        }
        return run;
    }

    private void Step()
    {
        switch (random.Next(24))
        {
            case < 6:
                task = run.Poll() ?? task;
                break;
            case < 11:
                Complete();
                break;
            case 11 when task is not null:
                run.Fail(task);
                task = null;
                break;
            case 12:
                run.Signal("signal", random.Next(3) == 0 ? "same" : $"signal-{counter++}");
                break;
            case 13 or 14:
                run.Admit($"update-{random.Next(40)}");
                break;
            case 15:
                if (run.StartActivity() is { } start)
                {
                    activities.Add(start);
                }
                break;
            case 16 or 17:
                FinishActivity();
                break;
            case 18:
                run.AdvanceToNextTimer();
                break;
            case 19:
                run.Advance(random.Next(3));
                break;
            case 20:
                run.Crash();
                break;
            case 21 or 22:
                AnswerOther();
                break;
            default:
                Rare();
                break;
        }
    }

    private void Rare()
    {
        switch (random.Next(6))
        {
            case 0:
                run.Do(static (execution, now) => execution.RequestCancel("", "client", "", now));
                break;
            case 1:
                run.Do(static (execution, now) => execution.ClearSticky(now));
                break;
            case 2:
                run.Do((execution, _) => execution.AdmitQuery($"query-{counter++}", new() { QueryType = "q" }));
                break;
            case 3 when random.Next(10) == 0:
                run.Do(static (execution, now) => execution.Terminate("", null, "client", now));
                break;
            default:
                if (run.Run.Describe().PendingActivities is { Count: > 0 } pending)
                {
                    run.Do((execution, now) => execution.CompleteActivityById(pending[0].ActivityId, null, "client", now));
                }
                break;
        }
    }

    private void FinishActivity()
    {
        if (activities.Count == 0)
        {
            return;
        }
        var index = random.Next(activities.Count);
        var token = activities[index].Token;
        activities.RemoveAt(index);
        switch (random.Next(5))
        {
            case 0 or 1:
                run.Do((execution, now) => execution.CompleteActivity(token, null, "worker", now));
                break;
            case 2:
                run.Do((execution, now) => execution.FailActivity(token, WorkerCommands.ApplicationFailure("F", random.Next(2) == 0), null, "worker", now));
                break;
            case 3:
                run.Do((execution, now) => execution.HeartbeatActivity(token, null, now));
                run.Do((execution, now) => execution.CancelActivity(token, null, "worker", now));
                break;
        }
    }

    private void AnswerOther()
    {
        if (run.Run.Outbox.Count == 0)
        {
            return;
        }
        var entry = run.Run.Outbox[random.Next(run.Run.Outbox.Count)];
        run.Do((execution, now) =>
        {
            switch (entry.ActionCase)
            {
                case OutboxEntry.ActionOneofCase.StartChild when random.Next(4) == 0:
                    execution.ChildStartFailed(entry.StartChild, StartChildWorkflowExecutionFailedCause.WorkflowAlreadyExists, now);
                    break;
                case OutboxEntry.ActionOneofCase.StartChild:
                    execution.ChildStarted(entry.StartChild, "child-run", null, now);
                    break;
                case OutboxEntry.ActionOneofCase.SignalExternal:
                    execution.ExternalDone(entry.SignalExternal, (ExternalOutcome)random.Next(3), now);
                    break;
                case OutboxEntry.ActionOneofCase.CancelExternal:
                    execution.ExternalDone(entry.CancelExternal, (ExternalOutcome)random.Next(2), now);
                    break;
                case OutboxEntry.ActionOneofCase.ReleaseChild when random.Next(2) == 0:
                    execution.ChildClosed(entry.ReleaseChild.InitiatedEventId, "child-run", new HistoryEvent
                    {
                        EventType = EventType.WorkflowExecutionCompleted,
                        WorkflowExecutionCompletedEventAttributes = new(),
                    }, now);
                    break;
            }
            execution.OutboxDone(entry);
        });
    }

    private void Complete()
    {
        if (task is not { } current)
        {
            return;
        }
        task = null;
        var completion = run.Complete(current, request =>
        {
            request.ReturnNewWorkflowTask = random.Next(2) == 0;
            request.ForceCreateNewWorkflowTask = random.Next(6) == 0;
            if (random.Next(4) == 0)
            {
                request.StickyAttributes = null;
            }
            foreach (var query in current.Queries)
            {
                request.QueryResults[query.Key] = new() { ResultType = QueryResultType.Answered };
            }
            AnswerUpdates(current, request);
            AddCommands(request);
        });
        task = completion.Next;
    }

    private void AnswerUpdates(WorkflowTaskStart current, RespondWorkflowTaskCompletedRequest request)
    {
        var rejectAll = random.Next(3) == 0;
        foreach (var update in current.Messages)
        {
            if (rejectAll)
            {
                request.Reject(update);
            }
            else if (random.Next(5) > 0)
            {
                request.Accept(update);
                if (random.Next(2) == 0)
                {
                    request.Answer(update.ProtocolInstanceId);
                }
            }
        }
        if (!rejectAll && random.Next(4) == 0)
        {
            foreach (var e in run.History)
            {
                if (e.WorkflowExecutionUpdateAcceptedEventAttributes is { } accepted
                    && run.Run.FindUpdate(accepted.ProtocolInstanceId) is { Outcome: null })
                {
                    request.Answer(accepted.ProtocolInstanceId);
                    break;
                }
            }
        }
    }

    private void AddCommands(RespondWorkflowTaskCompletedRequest request)
    {
        if (request.Messages.Count > 0 && random.Next(2) == 0)
        {
            return;
        }
        for (var count = random.Next(4); count > 0; count--)
        {
            request.Commands.Add(RandomCommand());
        }
        if (random.Next(40) == 0)
        {
            Command[] closes = [WorkerCommands.Complete(), WorkerCommands.Fail(), WorkerCommands.Cancel(), WorkerCommands.ContinueAsNew()];
            request.Commands.Add(closes[random.Next(closes.Length)]);
        }
    }

    private Command RandomCommand()
    {
        switch (random.Next(10))
        {
            case 0 or 1:
                return WorkerCommands.Timer($"timer-{counter++}", random.Next(20));
            case 2:
                return WorkerCommands.CancelTimer(Find(static e => e.TimerStartedEventAttributes?.TimerId, "none"));
            case 3 or 4 or 5:
                return WorkerCommands.Activity($"activity-{counter++}", attributes =>
                {
                    attributes.RequestEagerExecution = random.Next(4) == 0;
                    attributes.ScheduleToStartTimeout = random.Next(3) == 0 ? RunDriver.Seconds(random.Next(1, 10)) : null;
                    attributes.ScheduleToCloseTimeout = random.Next(3) == 0 ? RunDriver.Seconds(random.Next(1, 30)) : null;
                    attributes.HeartbeatTimeout = random.Next(3) == 0 ? RunDriver.Seconds(2) : null;
                    attributes.RetryPolicy = new() { MaximumAttempts = random.Next(4) };
                });
            case 6:
                return WorkerCommands.CancelActivity(Find(static e => e.ActivityTaskScheduledEventAttributes is null ? null : e.EventId.ToString(), "0") is var id
                    ? long.Parse(id, System.Globalization.CultureInfo.InvariantCulture) : 0);
            case 7:
                return WorkerCommands.Child($"child-{counter++}", (ParentClosePolicy)random.Next(4));
            case 8:
                return WorkerCommands.SignalExternal("other");
            default:
                return WorkerCommands.CancelExternal("other");
        }
    }

    private string Find(Func<HistoryEvent, string?> pick, string otherwise)
    {
        for (var index = run.History.Count - 1; index >= 0; index--)
        {
            if (random.Next(2) == 0 && pick(run.History[index]) is { } found)
            {
                return found;
            }
        }
        return otherwise;
    }
}
