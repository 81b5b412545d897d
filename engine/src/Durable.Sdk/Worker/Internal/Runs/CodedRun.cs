using Temporalio.Converters;

namespace Temporalio.Worker.Internal.Runs;

/// <summary>What a codec may want to know of the run whose payloads it gets.</summary>
/// <param name="Activity">Of an activity that is waited for.</param>
/// <param name="Child">Of a child that is waited for.</param>
internal sealed record CodedRun(
    string Namespace,
    string TaskQueue,
    string WorkflowId,
    string WorkflowType,
    Func<uint, ISerializationContext?> Activity,
    Func<uint, ISerializationContext?> Child)
{
    public ISerializationContext Own => new ISerializationContext.Workflow(Namespace, WorkflowId);

    public ISerializationContext OtherWorkflow(string workflowId) => new ISerializationContext.Workflow(Namespace, workflowId);

    public ISerializationContext Scheduled(string activityId, string activityType, string taskQueue, bool isLocal) =>
        new ISerializationContext.Activity(Namespace, activityId, WorkflowId, WorkflowType, activityType, taskQueue, isLocal);
}
