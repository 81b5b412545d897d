using Durable.Sdk.Tests.Samples;
using Microsoft.Extensions.Logging;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Durable.Sdk.Tests.Live;

/// <summary>Logs before each of its waits.</summary>
[Workflow]
public class SpeaksUp
{
    [WorkflowRun]
    public async Task<int> RunAsync(int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            Workflow.Logger.LogInformation("step {Step}", step);
            await Workflow.ExecuteActivityAsync((GreetingActivities activities) => activities.GreetAsync("step"), new() { StartToCloseTimeout = TimeSpan.FromSeconds(30) });
        }
        return steps;
    }
}

/// <summary>An object whose updates wait in the middle: one at a time, and none lost when it continues as new.</summary>
[Workflow]
public class SafeLedger
{
    private const int DepositsPerRun = 7;

    private readonly Temporalio.Workflows.Mutex mutex = new();
    private int deposits;

    [WorkflowInit]
    public SafeLedger(int? balance) => Balance = balance ?? 0;

    [WorkflowQuery]
    public int Balance { get; private set; }

    [WorkflowRun]
    public async Task RunAsync(int? balance)
    {
        await Workflow.WaitConditionAsync(() => deposits >= DepositsPerRun && Workflow.AllHandlersFinished);
        throw Workflow.CreateContinueAsNewException((SafeLedger ledger) => ledger.RunAsync(Balance));
    }

    [WorkflowUpdate]
    public async Task<int> DepositAsync(int amount)
    {
        await mutex.WaitOneAsync();
        try
        {
            var before = Balance;
            await Workflow.ExecuteActivityAsync((GreetingActivities activities) => activities.GreetAsync("deposit"), new() { StartToCloseTimeout = TimeSpan.FromSeconds(30) });
            Balance = before + amount;
            deposits++;
            return Balance;
        }
        finally
        {
            mutex.ReleaseMutex();
        }
    }

    [WorkflowUpdateValidator(nameof(DepositAsync))]
    public void ValidateDeposit(int amount)
    {
        if (amount <= 0)
        {
            throw new ApplicationFailureException("nothing to deposit");
        }
    }
}

/// <summary>Ends after some runs.</summary>
[Workflow]
public class GoesOn
{
    [WorkflowRun]
    public Task<string> RunAsync(int more) => more == 0
        ? Task.FromResult("the end")
        : throw Workflow.CreateContinueAsNewException((GoesOn workflow) => workflow.RunAsync(more - 1));
}

/// <summary>Puts two words together.</summary>
[Workflow]
public class ReturnsGiven
{
    [WorkflowRun]
    public Task<string> RunAsync(string one, string two) => Task.FromResult(one + two);
}

/// <summary>Runs a local activity by name.</summary>
[Workflow]
public class OneLocalActivity
{
    [WorkflowRun]
    public Task<string> RunAsync(string activity) => Workflow.ExecuteLocalActivityAsync<string>(activity, [], new() { ScheduleToCloseTimeout = TimeSpan.FromMinutes(1) });
}

/// <summary>Logs in its main method, in an activity and in an update, there also after a wait.</summary>
[Workflow]
public class Talks
{
    private bool talked;

    [WorkflowRun]
    public async Task RunAsync()
    {
        await Workflow.WaitConditionAsync(() => talked);
        Workflow.Logger.LogInformation("from the main method");
    }

    [WorkflowUpdate]
    public async Task TalkAsync()
    {
        Workflow.Logger.LogInformation("from the update");
        await Workflow.ExecuteActivityAsync("Talk", [], new() { StartToCloseTimeout = TimeSpan.FromSeconds(30) });
        Workflow.Logger.LogInformation("later in the update");
        talked = true;
    }
}

/// <summary>Starts a child with words of its own.</summary>
[Workflow]
public class HasAChild
{
    [WorkflowRun]
    public Task<string> RunAsync() => Workflow.ExecuteChildWorkflowAsync(
        (GoesOn child) => child.RunAsync(0), new() { Id = $"{Workflow.Info.WorkflowId}-child", StaticSummary = "a child", StaticDetails = "of its parent" });
}

/// <summary>Says which build has, or had, its task.</summary>
[Workflow]
public class SaysItsBuild
{
    private bool done;

    [WorkflowQuery]
    public string Build => Workflow.CurrentDeploymentVersion!.BuildId;

    [WorkflowRun]
    public Task RunAsync() => Workflow.WaitConditionAsync(() => done);

    [WorkflowSignal]
    public Task FinishAsync()
    {
        done = true;
        return Task.CompletedTask;
    }
}
