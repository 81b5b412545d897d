using System.Buffers.Binary;
using Durable.Protocol;
using Durable.Server.Executions;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Schedule.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Schedules;

/// <summary>One schedule: its state and everything that Temporal decides about it.</summary>
/// <remarks>
/// Pure and deterministic, like <see cref="Execution"/>: time comes in with each call. What has to be done in the world (start a workflow,
/// ask one to end) is part of the state until it was done (<see cref="NextStep"/>), so a crash repeats it, under the same request id.
/// </remarks>
internal sealed partial class Scheduler
{
    private static readonly TimeSpan DefaultCatchupWindow = TimeSpan.FromDays(365);
    private static readonly TimeSpan ShortestCatchupWindow = TimeSpan.FromSeconds(10);

    // As many as a client may repeat after a lost answer, and more.
    private const int RememberedRequests = 20;
    private const int RememberedActions = 10;

    private readonly StoredSchedule state;
    private readonly RunContext context;
    private ScheduleTimes times;

    private Scheduler(StoredSchedule state, RunContext context)
    {
        this.state = state;
        this.context = context;
        times = Compile();
    }

    public string Namespace => state.Namespace;

    public string ScheduleId => state.ScheduleId;

    public string CreateRequestId => state.CreateRequestId;

    /// <summary>A counter, as eight bytes; it grows with each change that a client did not ask for when it read the schedule.</summary>
    public ByteString ConflictToken
    {
        get
        {
            var bytes = new byte[sizeof(long)];
            BinaryPrimitives.WriteInt64BigEndian(bytes, state.ConflictToken);
            return ByteString.CopyFrom(bytes);
        }
    }

    /// <summary>Identity of what the schedule does.</summary>
    public string Identity => $"temporal-scheduler-{state.Namespace}-{state.ScheduleId}";

    /// <summary>A new schedule; times before <paramref name="now"/> are not its concern.</summary>
    /// <param name="request">Checked, its schedule canonical (<see cref="ScheduleSpecs.Canonical"/>).</param>
    public static Scheduler Create(CreateScheduleRequest request, RunContext context, DateTimeOffset now)
    {
        var scheduler = new Scheduler(
            new StoredSchedule
            {
                Namespace = request.Namespace,
                ScheduleId = request.ScheduleId,
                Schedule = Complete(request.Schedule),
                Memo = request.Memo ?? new(),
                SearchAttributes = request.SearchAttributes,
                CreateRequestId = request.RequestId,
                CreateTime = now.ToTimestamp(),
                HandledUntil = now.ToTimestamp(),
                ConflictToken = 1,
            },
            context);
        if (request.InitialPatch is { } patch)
        {
            scheduler.Apply(patch, now);
        }
        return scheduler;
    }

    public static Scheduler Restore(byte[] stored, RunContext context) => new(StoredSchedule.Parser.ParseFrom(stored), context);

    public byte[] ToState() => state.ToByteArray();

    /// <summary>Replaces spec, action, policies and state; what runs and what was counted stays.</summary>
    /// <exception cref="RpcFaultException">FAILED_PRECONDITION: the schedule has changed since the client read it.</exception>
    public void Update(UpdateScheduleRequest request, DateTimeOffset now)
    {
        if (IsRepeated(request.RequestId))
        {
            return;
        }
        if (!request.ConflictToken.IsEmpty && request.ConflictToken != ConflictToken)
        {
            throw new RpcFaultException(RpcStatusCode.FailedPrecondition, "mismatched conflict token");
        }
        Advance(now);
        Remember(request.RequestId);
        state.Schedule = Complete(request.Schedule);
        state.SearchAttributes = request.SearchAttributes ?? state.SearchAttributes;
        state.Memo = request.Memo ?? state.Memo;
        state.UpdateTime = now.ToTimestamp();
        state.HandledUntil = now.ToTimestamp();
        state.ConflictToken++;
        times = Compile();
    }

    public void Patch(SchedulePatch patch, string requestId, DateTimeOffset now)
    {
        if (IsRepeated(requestId))
        {
            return;
        }
        Advance(now);
        Remember(requestId);
        Apply(patch, now);
    }

    private void Apply(SchedulePatch patch, DateTimeOffset now)
    {
        var changing = state.Schedule.State;
        if (patch.Pause.Length > 0)
        {
            changing.Paused = true;
            changing.Notes = patch.Pause;
            state.ConflictToken++;
        }
        if (patch.Unpause.Length > 0)
        {
            if (changing.Paused)
            {
                // What went by during the pause is not caught up.
                state.HandledUntil = now.ToTimestamp();
            }
            changing.Paused = false;
            changing.Notes = patch.Unpause;
            state.ConflictToken++;
        }
        if (patch.TriggerImmediately is { } trigger)
        {
            Buffer(trigger.ScheduledTime?.ToDateTimeOffset() ?? now, now, trigger.OverlapPolicy, manual: true);
        }
        foreach (var backfill in patch.BackfillRequest)
        {
            state.Backfills.Add(new Backfill
            {
                // The start itself counts; times are whole seconds.
                HandledUntil = (backfill.StartTime?.ToDateTimeOffset() ?? now).AddTicks(-1).ToTimestamp(),
                EndTime = backfill.EndTime ?? now.ToTimestamp(),
                OverlapPolicy = backfill.OverlapPolicy,
            });
        }
        Advance(now);
    }

    private ScheduleTimes Compile() => new(state.Schedule.Spec, $"{context.NamespaceId(state.Namespace)}-{state.ScheduleId}");

    private static Temporalio.Api.Schedule.V1.Schedule Complete(Temporalio.Api.Schedule.V1.Schedule schedule)
    {
        schedule.Policies ??= new();
        schedule.State ??= new();
        if (schedule.Policies.OverlapPolicy == ScheduleOverlapPolicy.Unspecified)
        {
            schedule.Policies.OverlapPolicy = ScheduleOverlapPolicy.Skip;
        }
        schedule.Policies.CatchupWindow ??= DefaultCatchupWindow.ToDuration();
        return schedule;
    }

    private bool IsRepeated(string requestId) => requestId.Length > 0 && state.RequestIds.Contains(requestId);

    private void Remember(string requestId)
    {
        if (requestId.Length > 0)
        {
            state.RequestIds.Add(requestId);
        }
        while (state.RequestIds.Count > RememberedRequests)
        {
            state.RequestIds.RemoveAt(0);
        }
    }
}
