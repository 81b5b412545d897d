using Temporalio.Api.Enums.V1;
using Temporalio.Api.Schedule.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client.Interceptors;
using Temporalio.Client.Schedules;
using Temporalio.Exceptions;

namespace Temporalio.Client.Internal;

/// <summary>Schedules.</summary>
internal sealed partial class ClientRoot
{
    public override async Task<ScheduleHandle> CreateScheduleAsync(CreateScheduleInput input)
    {
        var options = input.Options;
        var request = new CreateScheduleRequest
        {
            Namespace = client.Options.Namespace,
            ScheduleId = input.Id,
            Schedule = await ScheduleActions.ToProtoAsync(input.Schedule, client.Options).ConfigureAwait(false),
            Memo = await client.Options.DataConverter.MemoAsync(options?.Memo).ConfigureAwait(false),
            SearchAttributes = options?.TypedSearchAttributes is { Count: > 0 } attributes ? attributes.ToProto() : null,
            Identity = IdentityOf(client),
            RequestId = Guid.NewGuid().ToString(),
        };
        if (options is { TriggerImmediately: true })
        {
            request.InitialPatch = new() { TriggerImmediately = new() { OverlapPolicy = input.Schedule.Policy.Overlap } };
        }
        if (options is { Backfills.Count: > 0 })
        {
            request.InitialPatch ??= new();
            request.InitialPatch.BackfillRequest.AddRange(options.Backfills.Select(ScheduleProtos.Backfill));
        }
        try
        {
            await client.WorkflowService.CreateScheduleAsync(request, Retried(options?.Rpc)).ConfigureAwait(false);
        }
        catch (RpcException fault) when (fault.Code == RpcException.StatusCode.AlreadyExists)
        {
            throw new ScheduleAlreadyRunningException();
        }
        return new ScheduleHandle(client, input.Id);
    }

    public override async Task<ScheduleDescription> DescribeScheduleAsync(DescribeScheduleInput input)
    {
        var response = await client.WorkflowService.DescribeScheduleAsync(
            new() { Namespace = client.Options.Namespace, ScheduleId = input.Id }, Retried(input.RpcOptions)).ConfigureAwait(false);
        var schedule = await ScheduleActions.FromProtoAsync(response.Schedule, client.Options).ConfigureAwait(false);
        return new ScheduleDescription(input.Id, schedule, response, client.Options.DataConverter);
    }

    public override async Task UpdateScheduleAsync(UpdateScheduleInput input)
    {
        // The conflict token is not sent: servers do not tell a conflict from other errors, so it could not be tried again.
        var description = await client.OutboundInterceptor.DescribeScheduleAsync(new(input.Id, input.RpcOptions)).ConfigureAwait(false);
        if (await input.Updater(new(description)).ConfigureAwait(false) is not { } update)
        {
            return;
        }
        await client.WorkflowService.UpdateScheduleAsync(
            new()
            {
                Namespace = client.Options.Namespace,
                ScheduleId = input.Id,
                Schedule = await ScheduleActions.ToProtoAsync(update.Schedule, client.Options).ConfigureAwait(false),
                SearchAttributes = update.TypedSearchAttributes?.ToProto(),
                Identity = IdentityOf(client),
                RequestId = Guid.NewGuid().ToString(),
            },
            Retried(input.RpcOptions)).ConfigureAwait(false);
    }

    public override Task BackfillScheduleAsync(BackfillScheduleInput input) =>
        PatchAsync(input.Id, new() { BackfillRequest = { input.Backfills.Select(ScheduleProtos.Backfill) } }, input.RpcOptions);

    public override Task PauseScheduleAsync(PauseScheduleInput input) =>
        PatchAsync(input.Id, new() { Pause = input.Note ?? "Paused via .NET SDK" }, input.RpcOptions);

    public override Task UnpauseScheduleAsync(UnpauseScheduleInput input) =>
        PatchAsync(input.Id, new() { Unpause = input.Note ?? "Unpaused via .NET SDK" }, input.RpcOptions);

    public override Task TriggerScheduleAsync(TriggerScheduleInput input) =>
        PatchAsync(
            input.Id,
            new() { TriggerImmediately = new() { OverlapPolicy = input.Options?.Overlap ?? ScheduleOverlapPolicy.Unspecified } },
            input.Options?.Rpc);

    public override Task DeleteScheduleAsync(DeleteScheduleInput input) =>
        client.WorkflowService.DeleteScheduleAsync(
            new() { Namespace = client.Options.Namespace, ScheduleId = input.Id, Identity = IdentityOf(client) },
            Retried(input.RpcOptions));

    public override IAsyncEnumerable<ScheduleListDescription> ListSchedulesAsync(ListSchedulesInput input) => PagedAsync<ScheduleListDescription>(
        0,
        input.Options?.Rpc,
        async (token, rpc) =>
        {
            var page = await client.WorkflowService.ListSchedulesAsync(
                new() { Namespace = client.Options.Namespace, Query = input.Options?.Query ?? string.Empty, NextPageToken = Token(token) },
                Retried(rpc)).ConfigureAwait(false);
            return ([.. page.Schedules.Select(entry => new ScheduleListDescription(entry, client.Options.DataConverter))], Token(page.NextPageToken));
        });

    private Task PatchAsync(string id, SchedulePatch patch, RpcOptions? options) =>
        client.WorkflowService.PatchScheduleAsync(
            new()
            {
                Namespace = client.Options.Namespace,
                ScheduleId = id,
                Patch = patch,
                Identity = IdentityOf(client),
                RequestId = Guid.NewGuid().ToString(),
            },
            Retried(options));
}
