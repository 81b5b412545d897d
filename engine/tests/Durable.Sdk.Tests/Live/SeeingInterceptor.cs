using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Temporalio.Client;
using Temporalio.Client.Interceptors;
using Temporalio.Client.Schedules;
using Temporalio.Worker.Interceptors;
using Temporalio.Workflows;

namespace Durable.Sdk.Tests.Live;

/// <summary>Overrides everything that can be, and notes each call.</summary>
internal sealed class SeeingInterceptor : IClientInterceptor, IWorkerInterceptor
{
    private readonly ConcurrentDictionary<string, byte> seen = new();

    public IEnumerable<string> Seen => seen.Keys.Order(StringComparer.Ordinal);

    public static IEnumerable<string> All => new[] { typeof(Client), typeof(WorkflowIn), typeof(WorkflowOut), typeof(ActivityIn), typeof(ActivityOut) }
        .SelectMany(static type => type.BaseType!.GetMethods().Where(method => method.IsVirtual && method.DeclaringType == type.BaseType)
            .Select(method => $"{type.Name}.{method.Name}")).Order(StringComparer.Ordinal);

    public ClientOutboundInterceptor InterceptClient(ClientOutboundInterceptor nextInterceptor) => new Client(nextInterceptor, this);

    public WorkflowInboundInterceptor InterceptWorkflow(WorkflowInboundInterceptor nextInterceptor) => new WorkflowIn(nextInterceptor, this);

    public ActivityInboundInterceptor InterceptActivity(ActivityInboundInterceptor nextInterceptor) => new ActivityIn(nextInterceptor, this);

    private T Note<T>(T result, string type, [CallerMemberName] string name = "")
    {
        seen.TryAdd($"{type}.{name}", 0);
        return result;
    }

    private sealed class Client(ClientOutboundInterceptor next, SeeingInterceptor owner) : ClientOutboundInterceptor(next)
    {
        public override Task<WorkflowHandle<TWorkflow, TResult>> StartWorkflowAsync<TWorkflow, TResult>(StartWorkflowInput input) => base.StartWorkflowAsync<TWorkflow, TResult>(owner.Note(input, "Client"));

        public override Task SignalWorkflowAsync(SignalWorkflowInput input) => base.SignalWorkflowAsync(owner.Note(input, "Client"));

        public override Task<TResult> QueryWorkflowAsync<TResult>(QueryWorkflowInput input) => base.QueryWorkflowAsync<TResult>(owner.Note(input, "Client"));

        public override Task<WorkflowUpdateHandle<TResult>> StartWorkflowUpdateAsync<TResult>(StartWorkflowUpdateInput input) => base.StartWorkflowUpdateAsync<TResult>(owner.Note(input, "Client"));

        public override Task<WorkflowUpdateHandle<TUpdateResult>> StartUpdateWithStartWorkflowAsync<TUpdateResult>(StartUpdateWithStartWorkflowInput input) =>
            base.StartUpdateWithStartWorkflowAsync<TUpdateResult>(owner.Note(input, "Client"));

        public override Task<WorkflowExecutionDescription> DescribeWorkflowAsync(DescribeWorkflowInput input) => base.DescribeWorkflowAsync(owner.Note(input, "Client"));

        public override Task CancelWorkflowAsync(CancelWorkflowInput input) => base.CancelWorkflowAsync(owner.Note(input, "Client"));

        public override Task TerminateWorkflowAsync(TerminateWorkflowInput input) => base.TerminateWorkflowAsync(owner.Note(input, "Client"));

        public override Task<WorkflowHistoryEventPage> FetchWorkflowHistoryEventPageAsync(FetchWorkflowHistoryEventPageInput input) => base.FetchWorkflowHistoryEventPageAsync(owner.Note(input, "Client"));

        public override IAsyncEnumerable<WorkflowExecution> ListWorkflowsAsync(ListWorkflowsInput input) => base.ListWorkflowsAsync(owner.Note(input, "Client"));

        public override Task<WorkflowListPage> ListWorkflowsPaginatedAsync(ListWorkflowsPaginatedInput input) => base.ListWorkflowsPaginatedAsync(owner.Note(input, "Client"));

        public override Task<WorkflowExecutionCount> CountWorkflowsAsync(CountWorkflowsInput input) => base.CountWorkflowsAsync(owner.Note(input, "Client"));

        public override Task HeartbeatAsyncActivityAsync(HeartbeatAsyncActivityInput input) => base.HeartbeatAsyncActivityAsync(owner.Note(input, "Client"));

        public override Task CompleteAsyncActivityAsync(CompleteAsyncActivityInput input) => base.CompleteAsyncActivityAsync(owner.Note(input, "Client"));

        public override Task FailAsyncActivityAsync(FailAsyncActivityInput input) => base.FailAsyncActivityAsync(owner.Note(input, "Client"));

        public override Task ReportCancellationAsyncActivityAsync(ReportCancellationAsyncActivityInput input) => base.ReportCancellationAsyncActivityAsync(owner.Note(input, "Client"));

        public override Task<ScheduleHandle> CreateScheduleAsync(CreateScheduleInput input) => base.CreateScheduleAsync(owner.Note(input, "Client"));

        public override Task BackfillScheduleAsync(BackfillScheduleInput input) => base.BackfillScheduleAsync(owner.Note(input, "Client"));

        public override Task DeleteScheduleAsync(DeleteScheduleInput input) => base.DeleteScheduleAsync(owner.Note(input, "Client"));

        public override Task<ScheduleDescription> DescribeScheduleAsync(DescribeScheduleInput input) => base.DescribeScheduleAsync(owner.Note(input, "Client"));

        public override Task PauseScheduleAsync(PauseScheduleInput input) => base.PauseScheduleAsync(owner.Note(input, "Client"));

        public override Task TriggerScheduleAsync(TriggerScheduleInput input) => base.TriggerScheduleAsync(owner.Note(input, "Client"));

        public override Task UnpauseScheduleAsync(UnpauseScheduleInput input) => base.UnpauseScheduleAsync(owner.Note(input, "Client"));

        public override Task UpdateScheduleAsync(UpdateScheduleInput input) => base.UpdateScheduleAsync(owner.Note(input, "Client"));

        public override IAsyncEnumerable<ScheduleListDescription> ListSchedulesAsync(ListSchedulesInput input) => base.ListSchedulesAsync(owner.Note(input, "Client"));

        public override Task<ActivityHandle<TResult>> StartActivityAsync<TResult>(StartActivityInput input) => base.StartActivityAsync<TResult>(owner.Note(input, "Client"));

        public override Task<ActivityExecutionDescription> DescribeActivityAsync(DescribeActivityInput input) => base.DescribeActivityAsync(owner.Note(input, "Client"));

        public override Task CancelActivityAsync(CancelActivityInput input) => base.CancelActivityAsync(owner.Note(input, "Client"));

        public override Task TerminateActivityAsync(TerminateActivityInput input) => base.TerminateActivityAsync(owner.Note(input, "Client"));

        public override IAsyncEnumerable<ActivityExecution> ListActivitiesAsync(ListActivitiesInput input) => base.ListActivitiesAsync(owner.Note(input, "Client"));

        public override Task<ActivityListPage> ListActivitiesPaginatedAsync(ListActivitiesPaginatedInput input) => base.ListActivitiesPaginatedAsync(owner.Note(input, "Client"));

        public override Task<ActivityExecutionCount> CountActivitiesAsync(CountActivitiesInput input) => base.CountActivitiesAsync(owner.Note(input, "Client"));
    }

    private sealed class WorkflowIn(WorkflowInboundInterceptor next, SeeingInterceptor owner) : WorkflowInboundInterceptor(next)
    {
        public override void Init(WorkflowOutboundInterceptor outbound) => base.Init(new WorkflowOut(owner.Note(outbound, "WorkflowIn"), owner));

        public override Task<object?> ExecuteWorkflowAsync(ExecuteWorkflowInput input) => base.ExecuteWorkflowAsync(owner.Note(input, "WorkflowIn"));

        public override Task HandleSignalAsync(HandleSignalInput input) => base.HandleSignalAsync(owner.Note(input, "WorkflowIn"));

        public override object? HandleQuery(HandleQueryInput input) => base.HandleQuery(owner.Note(input, "WorkflowIn"));

        public override void ValidateUpdate(HandleUpdateInput input) => base.ValidateUpdate(owner.Note(input, "WorkflowIn"));

        public override Task<object?> HandleUpdateAsync(HandleUpdateInput input) => base.HandleUpdateAsync(owner.Note(input, "WorkflowIn"));
    }

    private sealed class WorkflowOut(WorkflowOutboundInterceptor next, SeeingInterceptor owner) : WorkflowOutboundInterceptor(next)
    {
        public override Task CancelExternalWorkflowAsync(CancelExternalWorkflowInput input) => base.CancelExternalWorkflowAsync(owner.Note(input, "WorkflowOut"));

        public override ContinueAsNewException CreateContinueAsNewException(CreateContinueAsNewExceptionInput input) => base.CreateContinueAsNewException(owner.Note(input, "WorkflowOut"));

        public override Task DelayAsync(DelayAsyncInput input) => base.DelayAsync(owner.Note(input, "WorkflowOut"));

        public override Task<TResult> ScheduleActivityAsync<TResult>(ScheduleActivityInput input) => base.ScheduleActivityAsync<TResult>(owner.Note(input, "WorkflowOut"));

        public override Task<TResult> ScheduleLocalActivityAsync<TResult>(ScheduleLocalActivityInput input) => base.ScheduleLocalActivityAsync<TResult>(owner.Note(input, "WorkflowOut"));

        public override Task SignalChildWorkflowAsync(SignalChildWorkflowInput input) => base.SignalChildWorkflowAsync(owner.Note(input, "WorkflowOut"));

        public override Task SignalExternalWorkflowAsync(SignalExternalWorkflowInput input) => base.SignalExternalWorkflowAsync(owner.Note(input, "WorkflowOut"));

        public override Task<ChildWorkflowHandle<TWorkflow, TResult>> StartChildWorkflowAsync<TWorkflow, TResult>(StartChildWorkflowInput input) =>
            base.StartChildWorkflowAsync<TWorkflow, TResult>(owner.Note(input, "WorkflowOut"));
    }

    private sealed class ActivityIn(ActivityInboundInterceptor next, SeeingInterceptor owner) : ActivityInboundInterceptor(next)
    {
        public override void Init(ActivityOutboundInterceptor outbound) => base.Init(new ActivityOut(owner.Note(outbound, "ActivityIn"), owner));

        public override Task<object?> ExecuteActivityAsync(ExecuteActivityInput input) => base.ExecuteActivityAsync(owner.Note(input, "ActivityIn"));
    }

    private sealed class ActivityOut(ActivityOutboundInterceptor next, SeeingInterceptor owner) : ActivityOutboundInterceptor(next)
    {
        public override void Heartbeat(HeartbeatInput input) => base.Heartbeat(owner.Note(input, "ActivityOut"));
    }
}
