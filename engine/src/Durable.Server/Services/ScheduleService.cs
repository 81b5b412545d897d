using System.Text;
using Durable.Protocol;
using Durable.Server.Engine;
using Durable.Server.Executions;
using Durable.Server.Schedules;
using Durable.Server.Visibility;
using Google.Protobuf;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Schedule.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Services;

/// <summary>The schedule RPCs: checks, defaults, answers.</summary>
internal sealed class ScheduleService(ServiceContext context, ScheduleEngine schedules)
{
    private const int MaximumPage = 1000;

    public void Map(RpcRouter router)
    {
        context.Map(router, WorkflowServiceMethods.CreateSchedule, CreateAsync);
        context.Map(router, WorkflowServiceMethods.DescribeSchedule, async (request, _) =>
            (await schedules.GetAsync(KeyOf(request.Namespace, request.ScheduleId)).ConfigureAwait(false)).Describe(schedules.Now));
        context.Map(router, WorkflowServiceMethods.UpdateSchedule, UpdateAsync);
        context.Map(router, WorkflowServiceMethods.PatchSchedule, PatchAsync);
        context.Map(router, WorkflowServiceMethods.ListScheduleMatchingTimes, MatchingTimesAsync);
        context.Map(router, WorkflowServiceMethods.DeleteSchedule, async (request, _) =>
        {
            await schedules.DeleteAsync(KeyOf(request.Namespace, request.ScheduleId)).ConfigureAwait(false);
            return new DeleteScheduleResponse();
        });
        context.Map(router, WorkflowServiceMethods.ListSchedules, ListAsync);
        context.Map(router, WorkflowServiceMethods.CountSchedules, CountAsync);
    }

    private async Task<CreateScheduleResponse> CreateAsync(CreateScheduleRequest request, RpcServerCall call)
    {
        KeyOf(request.Namespace, request.ScheduleId);
        request.Schedule = Check(request.Namespace, request.Schedule);
        Check(request.InitialPatch);
        context.RequireBlob(request.Memo);
        context.RequireSearchAttributes(request.Namespace, request.SearchAttributes);
        if (request.RequestId.Length == 0)
        {
            request.RequestId = context.Runs.Ids.NewUuid();
        }
        var created = await schedules.CreateAsync(request).ConfigureAwait(false);
        return new CreateScheduleResponse { ConflictToken = created.ConflictToken };
    }

    private async Task<UpdateScheduleResponse> UpdateAsync(UpdateScheduleRequest request, RpcServerCall call)
    {
        var key = KeyOf(request.Namespace, request.ScheduleId);
        request.Schedule = Check(request.Namespace, request.Schedule);
        context.RequireBlob(request.Memo);
        context.RequireSearchAttributes(request.Namespace, request.SearchAttributes);
        await schedules.ChangeAsync(key, (scheduler, now) => scheduler.Update(request, now)).ConfigureAwait(false);
        return new UpdateScheduleResponse();
    }

    private async Task<PatchScheduleResponse> PatchAsync(PatchScheduleRequest request, RpcServerCall call)
    {
        var key = KeyOf(request.Namespace, request.ScheduleId);
        Check(request.Patch);
        await schedules.ChangeAsync(key, (scheduler, now) => scheduler.Patch(request.Patch ?? new(), request.RequestId, now)).ConfigureAwait(false);
        return new PatchScheduleResponse();
    }

    private async Task<ListScheduleMatchingTimesResponse> MatchingTimesAsync(ListScheduleMatchingTimesRequest request, RpcServerCall call)
    {
        var scheduler = await schedules.GetAsync(KeyOf(request.Namespace, request.ScheduleId)).ConfigureAwait(false);
        if (request.StartTime is null || request.EndTime is null)
        {
            throw Faults.InvalidArgument("missing or invalid query");
        }
        return new ListScheduleMatchingTimesResponse
        {
            StartTime = { scheduler.Matching(request.StartTime.ToDateTimeOffset(), request.EndTime.ToDateTimeOffset()) },
        };
    }

    private async Task<ListSchedulesResponse> ListAsync(ListSchedulesRequest request, RpcServerCall call)
    {
        var size = request.MaximumPageSize is > 0 and <= MaximumPage ? request.MaximumPageSize : MaximumPage;
        var response = new ListSchedulesResponse();
        var after = request.NextPageToken.IsEmpty ? null : request.NextPageToken.ToStringUtf8();
        await foreach (var scheduler in SelectAsync(request.Namespace, request.Query, after).ConfigureAwait(false))
        {
            if (response.Schedules.Count == size)
            {
                response.NextPageToken = ByteString.CopyFrom(Encoding.UTF8.GetBytes(response.Schedules[^1].ScheduleId));
                break;
            }
            response.Schedules.Add(scheduler.ListEntry(schedules.Now));
        }
        return response;
    }

    private async Task<CountSchedulesResponse> CountAsync(CountSchedulesRequest request, RpcServerCall call)
    {
        var response = new CountSchedulesResponse();
        await foreach (var _ in SelectAsync(request.Namespace, request.Query, null).ConfigureAwait(false))
        {
            response.Count++;
        }
        return response;
    }

    private IAsyncEnumerable<Scheduler> SelectAsync(string namespaceName, string query, string? after)
    {
        context.Namespaces.Require(namespaceName);
        var (filter, _) = VisibilityParser.Parse(
            query, name => name == ScheduleAttributes.Id ? IndexedValueType.Keyword : context.Namespaces.TypeOf(namespaceName, name), count: false);
        var all = schedules.ListAsync(namespaceName, after);
        return filter is null ? all : all.Where(scheduler => VisibilityFilter.Matches(filter, scheduler.ToVisibilityRow()));
    }

    private ScheduleKey KeyOf(string namespaceName, string scheduleId)
    {
        context.Namespaces.Require(namespaceName);
        ServiceContext.RequireId(scheduleId, "ScheduleId");
        return new ScheduleKey(namespaceName, scheduleId);
    }

    private Schedule Check(string namespaceName, Schedule? schedule)
    {
        if (schedule?.Action?.StartWorkflow is not { } workflow)
        {
            throw Faults.InvalidArgument("StartWorkflow is not set on the schedule's action: it is the only action that there is.");
        }
        ServiceContext.RequireId(workflow.WorkflowId, "WorkflowId");
        if (workflow.WorkflowType is not { Name.Length: > 0 })
        {
            throw Faults.InvalidArgument("WorkflowType is not set on request.");
        }
        TaskService.RequireTaskQueue(workflow.TaskQueue);
        if (workflow.CronSchedule.Length > 0)
        {
            throw Faults.InvalidArgument("Scheduled workflow must not contain CronSchedule");
        }
        if (workflow.WorkflowIdReusePolicy is not (WorkflowIdReusePolicy.Unspecified or WorkflowIdReusePolicy.AllowDuplicate))
        {
            throw Faults.InvalidArgument("Scheduled workflow must not contain WorkflowIDReusePolicy");
        }
        if (Retries.Check(workflow.RetryPolicy) is { } wrong)
        {
            throw Faults.InvalidArgument(wrong);
        }
        context.RequireBlob(workflow.Input);
        context.RequireBlob(workflow.Memo);
        context.RequireSearchAttributes(namespaceName, workflow.SearchAttributes);
        schedule.Spec = ScheduleSpecs.Canonical(schedule.Spec);
        return schedule;
    }

    private static void Check(SchedulePatch? patch)
    {
        if (patch is { Pause.Length: > 0, Unpause.Length: > 0 })
        {
            throw Faults.InvalidArgument("Pause and Unpause are both set on the patch.");
        }
        foreach (var backfill in patch?.BackfillRequest ?? [])
        {
            if (backfill.StartTime is null || backfill.EndTime is null || backfill.EndTime < backfill.StartTime)
            {
                throw Faults.InvalidArgument("A backfill needs a StartTime and an EndTime that is not before it.");
            }
        }
    }
}
