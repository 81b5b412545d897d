using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Sdk.V1;
using Temporalio.Converters;
using Temporalio.Exceptions;
using Temporalio.Worker.Interceptors;
using Temporalio.Worker.Internal.Commands;
using Temporalio.Worker.Internal.Jobs;
using Temporalio.Workflows;

namespace Temporalio.Worker.Internal.Language;

internal sealed partial class WorkflowOutbound
{
    public override Task<ChildWorkflowHandle<TWorkflow, TResult>> StartChildWorkflowAsync<TWorkflow, TResult>(StartChildWorkflowInput input)
    {
        var options = input.Options;
        var token = options.CancellationToken ?? workflow.CancellationToken;
        if (token.IsCancellationRequested)
        {
            return Task.FromException<ChildWorkflowHandle<TWorkflow, TResult>>(new CanceledFailureException("Child cancelled before scheduled"));
        }
        var id = options.Id ?? Workflow.NewGuid().ToString();
        var context = new ISerializationContext.Workflow(workflow.Info.Namespace, id);
        var seq = workflow.NextChild();
        workflow.Add(new StartChildWorkflowCommand(seq, Attributes(input, id, context), options.CancellationType, Metadata(options, context)));

        var handleSource = new TaskCompletionSource<ChildWorkflowHandle<TWorkflow, TResult>>();
        var pending = new WorkflowInstance.PendingChild(new(), new(), context);
        workflow.Children[seq] = pending;
        _ = workflow.QueueAsync(async () =>
        {
            try
            {
                using var registration = token.Register(() =>
                {
                    if (workflow.Children.ContainsKey(seq))
                    {
                        workflow.Add(new CancelChildWorkflowCommand(seq));
                    }
                });
                var start = await pending.Start.Task.ConfigureAwait(true);
                if (start.RunId is null)
                {
                    handleSource.SetException(StartFailure(start, input.Workflow, id, context));
                    return;
                }
                var handle = new ChildHandle<TWorkflow, TResult>(workflow, context, id, start.RunId);
                handleSource.SetResult(handle);
                var end = await pending.Result.Task.ConfigureAwait(true);
                if (end.Failure is { } failure)
                {
                    handle.Ended.SetException(workflow.ToException(failure, context));
                }
                else
                {
                    handle.Ended.SetResult(end.Result);
                }
            }
            finally
            {
                workflow.Children.Remove(seq);
            }
        });
        return handleSource.Task;
    }

    private StartChildWorkflowExecutionCommandAttributes Attributes(StartChildWorkflowInput input, string id, ISerializationContext context)
    {
        var options = input.Options;
        var taskQueue = options.TaskQueue ?? workflow.Info.TaskQueue;
        return new()
        {
            Namespace = workflow.Info.Namespace,
            WorkflowId = id,
            WorkflowType = new WorkflowType { Name = input.Workflow },
            TaskQueue = new() { Name = taskQueue, Kind = TaskQueueKind.Normal },
            Input = workflow.ToPayloads(input.Args, context),
            WorkflowExecutionTimeout = Protos.Duration(options.ExecutionTimeout),
            WorkflowRunTimeout = Protos.Duration(options.RunTimeout),
            WorkflowTaskTimeout = Protos.Duration(options.TaskTimeout),
            ParentClosePolicy = (Api.Enums.V1.ParentClosePolicy)(int)options.ParentClosePolicy,
            WorkflowIdReusePolicy = options.IdReusePolicy,
            RetryPolicy = Protos.RetryPolicy(options.RetryPolicy),
            CronSchedule = options.CronSchedule ?? string.Empty,
            Header = Protos.Header(input.Headers) ?? new Header(),
            Memo = workflow.ToMemo(options.Memo, context),
            SearchAttributes = Protos.SearchAttributes(options.TypedSearchAttributes),
            InheritBuildId = taskQueue == workflow.Info.TaskQueue,
            Priority = Protos.Priority(options.Priority),
        };
    }

    private UserMetadata? Metadata(ChildWorkflowOptions options, ISerializationContext context)
    {
        if (options.StaticSummary is null && options.StaticDetails is null)
        {
            return null;
        }
        var converter = workflow.ConverterFor(context).PayloadConverter;
        return new UserMetadata
        {
            Summary = options.StaticSummary is null ? null : converter.ToPayload(options.StaticSummary),
            Details = options.StaticDetails is null ? null : converter.ToPayload(options.StaticDetails),
        };
    }

    private Exception StartFailure(ResolveChildStartJob start, string type, string id, ISerializationContext context) =>
        start.Cancelled is { } cancelled ? workflow.ToException(cancelled, context)
        : start.FailedCause == StartChildWorkflowExecutionFailedCause.WorkflowAlreadyExists
            ? new WorkflowAlreadyStartedException("Child workflow already started", id, type, "<unknown>")
        : new InvalidOperationException($"Unknown child start failed cause: {start.FailedCause}");
}
