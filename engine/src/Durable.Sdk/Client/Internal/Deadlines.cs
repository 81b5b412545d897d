using Google.Protobuf;
using Temporalio.Api.WorkflowService.V1;

namespace Temporalio.Client.Internal;

/// <summary>The deadline of a call whose caller gave none, as recorded from the official SDK.</summary>
internal static class Deadlines
{
    private static readonly TimeSpan Ordinary = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongPoll = TimeSpan.FromSeconds(70);

    public static TimeSpan Of(string rpc, IMessage request) => IsLongPoll(rpc, request) ? LongPoll : Ordinary;

    /// <summary>Whether the server answers when something happens, and not before.</summary>
    public static bool IsLongPoll(string rpc, IMessage request) => rpc switch
    {
        "PollWorkflowTaskQueue" or "PollActivityTaskQueue" or "UpdateWorkflowExecution" => true,
        "GetWorkflowExecutionHistory" => request is GetWorkflowExecutionHistoryRequest { WaitNewEvent: true },
        _ => false,
    };
}
