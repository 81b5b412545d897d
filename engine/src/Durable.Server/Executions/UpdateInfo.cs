using Durable.Protocol;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Update.V1;

namespace Durable.Server.Executions;

/// <summary>Where an update stands.</summary>
/// <param name="Outcome">Set for stage COMPLETED unless only the history has it: then <paramref name="OutcomeEventId"/> names the event.</param>
/// <param name="OutcomeEventId">The UPDATE_COMPLETED event, 0 before.</param>
/// <param name="Fault">The update is gone; its callers get this.</param>
public sealed record UpdateInfo(
    UpdateWorkflowExecutionLifecycleStage Stage,
    Outcome? Outcome = null,
    long OutcomeEventId = 0,
    RpcFaultException? Fault = null);
