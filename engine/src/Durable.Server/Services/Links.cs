using Durable.Server.Storage;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;

namespace Durable.Server.Services;

/// <summary>Links that answers carry to what a call did, for the user interface.</summary>
internal static class Links
{
    public static Link ToStart(RunKey run) => new()
    {
        WorkflowEvent = new()
        {
            Namespace = run.Namespace,
            WorkflowId = run.WorkflowId,
            RunId = run.RunId,
            EventRef = new() { EventId = 1, EventType = EventType.WorkflowExecutionStarted },
        },
    };

    /// <summary>To the event that a request made, or will have made.</summary>
    public static Link ToRequest(RunKey run, string requestId, EventType type) => new()
    {
        WorkflowEvent = new()
        {
            Namespace = run.Namespace,
            WorkflowId = run.WorkflowId,
            RunId = run.RunId,
            RequestIdRef = new() { RequestId = requestId, EventType = type },
        },
    };

    public static Link ToWorkflow(RunKey run, string reason) => new()
    {
        Workflow = new() { Namespace = run.Namespace, WorkflowId = run.WorkflowId, RunId = run.RunId, Reason = reason },
    };
}
