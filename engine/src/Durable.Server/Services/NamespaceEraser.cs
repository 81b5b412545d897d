using Durable.Protocol;
using Durable.Server.Engine;
using Durable.Server.Executions;
using Durable.Server.Matching;
using Durable.Server.Storage;
using Microsoft.Extensions.Logging;

namespace Durable.Server.Services;

/// <summary>
/// DeleteNamespace: the name is gone at once, then everything under it goes in the background, and goes on after a restart. Until the
/// last of it is gone the name cannot be registered again.
/// </summary>
internal sealed class NamespaceEraser(ServiceContext context, ScheduleEngine schedules, BatchRunner batches, TaskQueueConfigs configs)
{
    private const int StepRuns = 100;
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    /// <summary>Goes on with what a restart interrupted.</summary>
    public void Recover()
    {
        foreach (var name in context.Namespaces.Leaving)
        {
            Begin(name);
        }
    }

    /// <exception cref="RpcFaultException">NOT_FOUND; INVALID_ARGUMENT: the server's own.</exception>
    public async Task DeleteAsync(string name)
    {
        await context.Namespaces.LeaveAsync(name).ConfigureAwait(false);
        Begin(name);
    }

    private void Begin(string name) => context.Engine.InBackground(async () =>
    {
        while (!context.Engine.Stopping.IsCancellationRequested)
        {
            try
            {
                await EraseAsync(name).ConfigureAwait(false);
                return;
            }
            catch (Exception failed) when (failed is RpcFaultException or StoreUnavailableException)
            {
                context.Logger.LogWarning(failed, "Namespace {Namespace} is not erased yet", name);
                await Task.Delay(PauseAfterFailure, TimeProvider.System, context.Engine.Stopping).ConfigureAwait(false);
            }
        }
    });

    private async Task EraseAsync(string name)
    {
        // First what starts runs, then the runs: each may have started another.
        await foreach (var schedule in schedules.ListAsync(name, null).ConfigureAwait(false))
        {
            await schedules.DeleteAsync(new ScheduleKey(name, schedule.ScheduleId)).ConfigureAwait(false);
        }
        await batches.ForgetAllAsync(name).ConfigureAwait(false);
        await context.Engine.Deployments.ForgetAsync(name).ConfigureAwait(false);
        await configs.ForgetAsync(name).ConfigureAwait(false);
        while (true)
        {
            context.Engine.Stopping.ThrowIfCancellationRequested();
            var page = await context.Store.ListAsync(new VisibilityRequest(name, null, StepRuns)).ConfigureAwait(false);
            if (page.Rows.Count == 0)
            {
                break;
            }
            foreach (var row in page.Rows)
            {
                try
                {
                    await context.DeleteRunAsync(row.Key).ConfigureAwait(false);
                }
                catch (RpcFaultException gone) when (gone.Code == RpcStatusCode.NotFound)
                {
                    // Somebody else took it away.
                }
            }
        }
        await context.Namespaces.ForgetAsync(name).ConfigureAwait(false);
        context.Logger.LogInformation("Namespace {Namespace} is erased", name);
    }
}
