using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.TaskQueue.V1;

namespace Durable.Server.Executions;

/// <summary>What a command may not be: each check refuses with the cause and the words of the command that asks for it.</summary>
public sealed partial class Execution
{
    private static void Require(bool condition, WorkflowTaskFailedCause cause, string detail)
    {
        if (!condition)
        {
            throw new CommandFailure(cause, detail);
        }
    }

    private void CheckLength(string id, WorkflowTaskFailedCause cause, Func<string, string> tooLong)
    {
        var bytes = Encoding.UTF8.GetByteCount(id);
        if (bytes > context.Limits.IdLength)
        {
            throw new CommandFailure(cause, tooLong($"Length={bytes} Limit={context.Limits.IdLength}"));
        }
    }

    private static void CheckDuration(Duration? duration, WorkflowTaskFailedCause cause, Func<string, string> invalid)
    {
        if (Durations.CheckAndCap(duration) is { } wrong)
        {
            throw new CommandFailure(cause, invalid(wrong));
        }
    }

    private void CheckTaskQueue(TaskQueue? queue, WorkflowTaskFailedCause cause, Func<string, string> invalid)
    {
        Require(queue is not null, cause, invalid("taskQueue is not set"));
        Require(queue!.Name.Length > 0, cause, invalid("missing task queue name"));
        Require(Encoding.UTF8.GetByteCount(queue.Name) <= context.Limits.IdLength, cause, invalid("taskQueue length exceeds limit"));
        Require(!queue.Name.StartsWith("/_sys/", StringComparison.Ordinal), cause, invalid("task queue name cannot start with reserved prefix /_sys/"));
    }

    private void RequireOwnNamespace(string name, WorkflowTaskFailedCause cause) =>
        Require(name.Length == 0 || name == state.Namespace, cause, "cross namespace commands are not allowed");

    private static bool IsRunIdOrNone(string runId) => runId.Length == 0 || Guid.TryParse(runId, out _);

    private void CheckBlob(IMessage? blob, WorkflowTaskFailedCause cause, string field) => CheckSize(blob?.CalculateSize() ?? 0, cause, field);

    private void CheckSize(int bytes, WorkflowTaskFailedCause cause, string field)
    {
        if (bytes > context.Limits.BlobBytes)
        {
            throw new CommandFailure(cause, $"{field} exceeds size limit.", closesRun: true);
        }
    }

    private void CheckMemo(Memo? memo, WorkflowTaskFailedCause cause, string field)
    {
        if (memo is not null && memo.CalculateSize() > context.Limits.MemoBytes)
        {
            throw new CommandFailure(cause, $"{field} exceeds size limit.", closesRun: true);
        }
    }

    private static int SizeOf(Google.Protobuf.Collections.MapField<string, Payload> fields) => fields.Sum(static field => field.Key.Length + field.Value.Data.Length);

    /// <param name="tooLarge">What it is called when they are too large, which ends the run.</param>
    private void CheckSearchAttributes(SearchAttributes? attributes, WorkflowTaskFailedCause tooLarge)
    {
        if (attributes is null)
        {
            return;
        }
        if (context.CheckSearchAttributes(state.Namespace, attributes) is { } wrong)
        {
            throw new CommandFailure(WorkflowTaskFailedCause.BadSearchAttributes, wrong);
        }
        CheckSearchAttributesSize(attributes, tooLarge);
    }

    private void CheckSearchAttributesSize(SearchAttributes attributes, WorkflowTaskFailedCause cause)
    {
        if (context.Limits.CheckSize(attributes) is { } wrong)
        {
            throw new CommandFailure(cause, wrong, closesRun: true);
        }
    }
}
