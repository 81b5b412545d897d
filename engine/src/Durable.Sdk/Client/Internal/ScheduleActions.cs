using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Workflow.V1;
using Temporalio.Client.Schedules;
using Temporalio.Converters;
using Temporalio.Worker.Internal.Language;
using Proto = Temporalio.Api.Schedule.V1;

namespace Temporalio.Client.Internal;

/// <summary>Schedules with their actions, whose values go through the converter.</summary>
internal static class ScheduleActions
{
    public static async Task<Proto.Schedule> ToProtoAsync(Schedule schedule, TemporalClientOptions client) => new()
    {
        Spec = ScheduleProtos.Spec(schedule.Spec),
        Action = new() { StartWorkflow = await ToProtoAsync(schedule.Action, client).ConfigureAwait(false) },
        Policies = ScheduleProtos.Policy(schedule.Policy),
        State = ScheduleProtos.State(schedule.State),
    };

    public static async Task<Schedule> FromProtoAsync(Proto.Schedule schedule, TemporalClientOptions client) => new(
        await FromProtoAsync(
            schedule.Action?.StartWorkflow ?? throw new InvalidOperationException($"Unsupported schedule action {schedule.Action?.ActionCase}"),
            client).ConfigureAwait(false),
        schedule.Spec is null ? new() : ScheduleProtos.Spec(schedule.Spec))
    {
        Policy = ScheduleProtos.Policy(schedule.Policies),
        State = ScheduleProtos.State(schedule.State),
    };

    private static async Task<NewWorkflowExecutionInfo> ToProtoAsync(ScheduleAction given, TemporalClientOptions client)
    {
        var action = given as ScheduleActionStartWorkflow ?? throw new ArgumentException($"Unsupported schedule action {given.GetType()}");
        var options = action.Options;
        Refuse(options);
        var converter = client.DataConverter.For(client.Namespace, options.Id!);
        var workflow = new NewWorkflowExecutionInfo
        {
            WorkflowId = options.Id,
            WorkflowType = new() { Name = action.Workflow },
            TaskQueue = new() { Name = options.TaskQueue },
            WorkflowExecutionTimeout = Protos.Duration(options.ExecutionTimeout),
            WorkflowRunTimeout = Protos.Duration(options.RunTimeout),
            WorkflowTaskTimeout = Protos.Duration(options.TaskTimeout),
            RetryPolicy = Protos.RetryPolicy(options.RetryPolicy),
            UserMetadata = await converter.UserMetadataAsync(options.StaticSummary, options.StaticDetails).ConfigureAwait(false),
            Memo = await converter.MemoAsync(options.Memo).ConfigureAwait(false),
            SearchAttributes = options.TypedSearchAttributes is { Count: > 0 } attributes ? attributes.ToProto() : null,
            Priority = Protos.Priority(options.Priority),
            VersioningOverride = Protos.VersioningOverride(options.VersioningOverride),
        };
        // One by one: after an update some arguments may be as they came from the server, and others new.
        foreach (var arg in action.Args)
        {
            workflow.Input ??= new Payloads();
            workflow.Input.Payloads_.Add(await converter.EncodeOnceAsync(arg).ConfigureAwait(false));
        }
        foreach (var (name, value) in action.Headers ?? new Dictionary<string, IEncodedRawValue>())
        {
            workflow.Header ??= new Header();
            workflow.Header.Fields.Add(name, value.Payload);
        }
        return workflow;
    }

    private static async Task<ScheduleActionStartWorkflow> FromProtoAsync(NewWorkflowExecutionInfo workflow, TemporalClientOptions client)
    {
        var converter = client.DataConverter.For(client.Namespace, workflow.WorkflowId);
        EncodedRawValue Raw(Payload payload) => new(converter, payload);
        return new ScheduleActionStartWorkflow(
            workflow.WorkflowType.Name,
            workflow.Input is null ? [] : [.. workflow.Input.Payloads_.Select(Raw)],
            new WorkflowOptions(workflow.WorkflowId, workflow.TaskQueue.Name)
            {
                ExecutionTimeout = workflow.WorkflowExecutionTimeout?.ToTimeSpan(),
                RunTimeout = workflow.WorkflowRunTimeout?.ToTimeSpan(),
                TaskTimeout = workflow.WorkflowTaskTimeout?.ToTimeSpan(),
                RetryPolicy = Protos.RetryPolicy(workflow.RetryPolicy),
                Memo = EncodedRawValue.Of(workflow.Memo, converter).ToDictionary(static field => field.Key, static field => (object)field.Value),
                TypedSearchAttributes = Protos.SearchAttributes(workflow.SearchAttributes),
                StaticSummary = await converter.TextAsync(workflow.UserMetadata?.Summary).ConfigureAwait(false),
                StaticDetails = await converter.TextAsync(workflow.UserMetadata?.Details).ConfigureAwait(false),
                Priority = workflow.Priority is null ? null : Protos.Priority(workflow.Priority),
            },
            workflow.Header?.Fields.ToDictionary(static field => field.Key, field => (IEncodedRawValue)Raw(field.Value)));
    }

    private static void Refuse(WorkflowOptions options)
    {
        var wrong =
            string.IsNullOrEmpty(options.Id) ? "ID required on workflow action"
            : string.IsNullOrEmpty(options.TaskQueue) ? "Task queue required on workflow action"
            : options.IdReusePolicy != WorkflowIdReusePolicy.AllowDuplicate ? "ID reuse policy cannot change from default for scheduled workflow"
            : options.IdConflictPolicy != WorkflowIdConflictPolicy.Unspecified ? "ID conflict policy cannot change from default for scheduled workflow"
            : options.CronSchedule is not null ? "Cron schedule cannot be set on scheduled workflow"
            : options.StartSignal is not null || options.StartSignalArgs is not null ? "Start signal and/or start signal args cannot be set on scheduled workflow"
            : options.Rpc is not null ? "RPC options cannot be set on scheduled workflow"
            : null;
        if (wrong is not null)
        {
            throw new ArgumentException(wrong);
        }
    }
}
