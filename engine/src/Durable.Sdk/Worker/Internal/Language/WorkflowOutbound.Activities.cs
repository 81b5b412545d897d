using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Sdk.V1;
using Temporalio.Converters;
using Temporalio.Exceptions;
using Temporalio.Worker.Interceptors;
using Temporalio.Worker.Internal.Commands;
using Temporalio.Worker.Internal.Core;
using Temporalio.Worker.Internal.Jobs;

namespace Temporalio.Worker.Internal.Language;

internal sealed partial class WorkflowOutbound
{
    private static readonly TimeSpan DefaultLocalRetryThreshold = TimeSpan.FromMinutes(1);

    public override Task<TResult> ScheduleActivityAsync<TResult>(ScheduleActivityInput input)
    {
        var options = input.Options;
        CheckTimeouts(options.StartToCloseTimeout, options.ScheduleToCloseTimeout);
        var token = options.CancellationToken ?? workflow.CancellationToken;
        if (token.IsCancellationRequested)
        {
            return Task.FromException<TResult>(new CanceledFailureException("Activity cancelled before scheduled"));
        }
        var taskQueue = options.TaskQueue ?? workflow.Info.TaskQueue;
        var context = new ISerializationContext.Activity(
            workflow.Info.Namespace, options.ActivityId, workflow.Info.WorkflowId, workflow.Info.WorkflowType, input.Activity, taskQueue, IsLocal: false);
        var seq = workflow.NextActivity();
        var attributes = new ScheduleActivityTaskCommandAttributes
        {
            ActivityId = options.ActivityId ?? Protos.Text(seq),
            ActivityType = new ActivityType { Name = input.Activity },
            TaskQueue = new() { Name = taskQueue, Kind = TaskQueueKind.Normal },
            Header = Protos.Header(input.Headers) ?? new Header(),
            Input = workflow.ToPayloads(input.Args, context),
            ScheduleToCloseTimeout = Protos.Duration(options.ScheduleToCloseTimeout),
            ScheduleToStartTimeout = Protos.Duration(options.ScheduleToStartTimeout),
            StartToCloseTimeout = Protos.Duration(options.StartToCloseTimeout),
            HeartbeatTimeout = Protos.Duration(options.HeartbeatTimeout),
            RetryPolicy = Protos.RetryPolicy(options.RetryPolicy),
            RequestEagerExecution = !workflow.DisablesEagerActivities && !options.DisableEagerActivityExecution && taskQueue == workflow.Info.TaskQueue,
            UseWorkflowBuildId = taskQueue == workflow.Info.TaskQueue,
            Priority = Protos.Priority(options.Priority),
        };
        workflow.Add(new ScheduleActivityCommand(seq, attributes, options.CancellationType, workflow.Summary(options.Summary, context)));
        var ended = new TaskCompletionSource<ActivityResolution>();
        workflow.Activities[seq] = Pending(ended, context, seq);
        return workflow.QueueAsync(async () =>
        {
            ActivityResolution resolution;
            using (token.Register(() =>
            {
                if (workflow.Activities.ContainsKey(seq))
                {
                    workflow.Add(new CancelActivityCommand(seq));
                }
            }))
            {
                resolution = await ended.Task.ConfigureAwait(true);
            }
            workflow.Activities.Remove(seq);
            return ResultOf<TResult>(resolution, context);
        });
    }

    public override Task<TResult> ScheduleLocalActivityAsync<TResult>(ScheduleLocalActivityInput input)
    {
        var options = input.Options;
        CheckTimeouts(options.StartToCloseTimeout, options.ScheduleToCloseTimeout);
        workflow.CheckLocalActivity(input.Activity);
        var token = options.CancellationToken ?? workflow.CancellationToken;
        if (token.IsCancellationRequested)
        {
            return Task.FromException<TResult>(new CanceledFailureException("Activity cancelled before scheduled"));
        }
        var context = new ISerializationContext.Activity(
            workflow.Info.Namespace, options.ActivityId, workflow.Info.WorkflowId, workflow.Info.WorkflowType, input.Activity, workflow.Info.TaskQueue, IsLocal: true);
        var seq = ScheduleLocal(input, context, null);
        var ended = new TaskCompletionSource<ActivityResolution>();
        workflow.Activities[seq] = Pending(ended, context, seq);
        return workflow.QueueAsync(async () =>
        {
            while (true)
            {
                ActivityResolution resolution;
                using (token.Register(() =>
                {
                    if (workflow.Activities.ContainsKey(seq))
                    {
                        workflow.Add(new CancelLocalActivityCommand(seq));
                    }
                }))
                {
                    resolution = await ended.Task.ConfigureAwait(true);
                }
                workflow.Activities.Remove(seq);
                if (resolution.Backoff is not { } backoff)
                {
                    return ResultOf<TResult>(resolution, context);
                }
                await workflow.DelayAsync(new(backoff.Delay, "LocalActivityBackoff", token)).ConfigureAwait(true);
                seq = ScheduleLocal(input, context, backoff);
                ended = new TaskCompletionSource<ActivityResolution>();
                workflow.Activities[seq] = Pending(ended, context, seq);
            }
        });
    }

    // For the codec, which is told the id that the worker of the activity sees. The converter is told what the code has said.
    private static WorkflowInstance.PendingActivity Pending(TaskCompletionSource<ActivityResolution> ended, ISerializationContext.Activity context, uint seq) =>
        new(ended, context.ActivityId is null ? context with { ActivityId = Protos.Text(seq) } : context);

    private static void CheckTimeouts(TimeSpan? startToClose, TimeSpan? scheduleToClose)
    {
        if (startToClose is null && scheduleToClose is null)
        {
            throw new ArgumentException("Activity options must have StartToCloseTimeout or ScheduleToCloseTimeout");
        }
    }

    private uint ScheduleLocal(ScheduleLocalActivityInput input, ISerializationContext.Activity context, LocalActivityBackoff? backoff)
    {
        var options = input.Options;
        var seq = workflow.NextActivity();
        workflow.Add(new ScheduleLocalActivityCommand(new LocalActivityRequest
        {
            Seq = seq,
            ActivityId = options.ActivityId ?? Protos.Text(seq),
            ActivityType = input.Activity,
            Arguments = workflow.ToPayloads(input.Args, context)?.Payloads_ ?? (IReadOnlyList<Payload>)[],
            Headers = input.Headers,
            RetryPolicy = Protos.RetryPolicy(options.RetryPolicy),
            ScheduleToCloseTimeout = options.ScheduleToCloseTimeout,
            ScheduleToStartTimeout = options.ScheduleToStartTimeout,
            StartToCloseTimeout = options.StartToCloseTimeout,
            LocalRetryThreshold = options.LocalRetryThreshold ?? DefaultLocalRetryThreshold,
            Cancellation = options.CancellationType,
            Metadata = workflow.Summary(options.Summary, context),
            Attempt = backoff?.Attempt ?? 1,
            OriginalScheduleTime = backoff?.OriginalScheduleTime,
        }));
        return seq;
    }

    private TResult ResultOf<TResult>(ActivityResolution resolution, ISerializationContext context)
    {
        if (resolution.Failure is { } failure)
        {
            throw workflow.ToException(failure, context);
        }
        if (resolution.Result is not { } result || typeof(TResult) == typeof(ValueTuple))
        {
            return default!;
        }
        return (TResult)workflow.ConverterFor(context).PayloadConverter.ToValue(result, typeof(TResult))!;
    }
}
