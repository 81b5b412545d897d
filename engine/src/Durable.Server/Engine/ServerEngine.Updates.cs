using System.Diagnostics;
using Durable.Protocol;
using Durable.Server.Executions;
using Durable.Server.Storage;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Update.V1;

namespace Durable.Server.Engine;

/// <summary>Updates: admission, and waiting for a stage.</summary>
internal sealed partial class ServerEngine
{
    /// <summary>A wait ends after this with the stage that was reached.</summary>
    public static readonly TimeSpan UpdateWait = TimeSpan.FromSeconds(20);

    /// <summary>Admits (when <paramref name="request"/> is given) and waits for a stage.</summary>
    /// <exception cref="RpcFaultException">NOT_FOUND: unknown to the run, and nothing was to be admitted; or the update was aborted.</exception>
    public async Task<UpdateStatus> WaitUpdateAsync(
        RunKey key, string updateId, Request? request, UpdateWorkflowExecutionLifecycleStage stage, bool wait, CancellationToken cancellationToken)
    {
        // Rented for the whole wait: those who wait are known to this slot only.
        var slot = Rent(key);
        var began = Stopwatch.GetTimestamp();
        try
        {
            while (true)
            {
                var (status, pulse, end) = await WithSlotAsync(key, (_, execution, now) =>
                {
                    if (request is not null)
                    {
                        execution.AdmitUpdate(request, now);
                        request = null;
                    }
                    var found = execution.FindUpdate(updateId) ?? throw Faults.UpdateNotFound(updateId);
                    return ValueTask.FromResult((found, slot.UpdatePulse(updateId), slot.UpdateEnd(updateId)));
                }, cancellationToken).ConfigureAwait(false);
                if (status.Stage >= stage || !wait)
                {
                    return status;
                }
                var left = UpdateWait - Stopwatch.GetElapsedTime(began);
                if (left <= TimeSpan.Zero)
                {
                    return status;
                }
                try
                {
                    await Task.WhenAny(pulse, end).WaitAsync(left, TimeProvider.System, cancellationToken).ConfigureAwait(false);
                }
                catch (TimeoutException)
                {
                    return status;
                }
                if (end.IsCompletedSuccessfully)
                {
                    var result = await end.ConfigureAwait(false);
                    return result.Fault is { } fault
                        ? throw new RpcFaultException(fault.Code, fault.Message, fault.Details)
                        : new UpdateStatus(UpdateWorkflowExecutionLifecycleStage.Completed, result.Rejection);
                }
            }
        }
        finally
        {
            GiveBack(slot);
        }
    }
}
