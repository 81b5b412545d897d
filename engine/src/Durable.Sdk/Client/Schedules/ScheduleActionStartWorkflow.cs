using System.Linq.Expressions;
using Temporalio.Client.Internal;
using Temporalio.Converters;

namespace Temporalio.Client.Schedules;

/// <summary>Starts a workflow. The server appends the time to the workflow id.</summary>
/// <param name="Args">Read from a server: values of type <see cref="IEncodedRawValue"/>, which go back as they came.</param>
/// <param name="Options">Id and task queue are required; policies for ids, cron, a start signal and RPC options are not allowed.</param>
public record ScheduleActionStartWorkflow(
    string Workflow,
    IReadOnlyCollection<object?> Args,
    WorkflowOptions Options,
    IReadOnlyDictionary<string, IEncodedRawValue>? Headers = null) : ScheduleAction
{
    public static ScheduleActionStartWorkflow Create<TWorkflow, TResult>(
        Expression<Func<TWorkflow, Task<TResult>>> workflowRunCall, WorkflowOptions options)
    {
        var (name, args) = Calls.Run(workflowRunCall);
        return new(name, args, options);
    }

    public static ScheduleActionStartWorkflow Create<TWorkflow>(Expression<Func<TWorkflow, Task>> workflowRunCall, WorkflowOptions options)
    {
        var (name, args) = Calls.Run(workflowRunCall);
        return new(name, args, options);
    }

    public static ScheduleActionStartWorkflow Create(string workflow, IReadOnlyCollection<object?> args, WorkflowOptions options) =>
        new(workflow, args, options);
}
