using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Durable.Protocol;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.TaskQueue.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Runtime.Internal;

namespace Temporalio.Client.Internal;

/// <summary>Counts and times calls. Long polls are apart: how long they take says nothing.</summary>
internal sealed class RpcMetrics(SdkMetrics metrics)
{
    private readonly ConcurrentDictionary<(string Rpc, string? Namespace, string? TaskQueue), KeyValuePair<string, object>[]> tags = new();
    private readonly ConcurrentDictionary<MessageDescriptor, FieldDescriptor?> namespaces = new();

    public async Task<T> MeasureAsync<T>(string rpc, IMessage request, Func<Task<T>> call)
    {
        var isLong = Deadlines.IsLongPoll(rpc, request);
        var operation = tags.GetOrAdd((rpc, NamespaceOf(request), TaskQueueOf(request)), static key => Tags(key.Rpc, key.Namespace, key.TaskQueue));
        (isLong ? metrics.LongRequest : metrics.Request).Add(1, operation);
        var began = Stopwatch.GetTimestamp();
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (RpcFaultException fault)
        {
            (isLong ? metrics.LongRequestFailure : metrics.RequestFailure).Add(1, [.. operation, new("status_code", NameOf(fault.Code))]);
            throw;
        }
        finally
        {
            (isLong ? metrics.LongRequestLatency : metrics.RequestLatency).Record(Stopwatch.GetElapsedTime(began), operation);
        }
    }

    private static KeyValuePair<string, object>[] Tags(string rpc, string? @namespace, string? taskQueue)
    {
        var tags = new List<KeyValuePair<string, object>>(3) { new("operation", rpc) };
        if (@namespace is not null)
        {
            tags.Add(new("namespace", @namespace));
        }
        if (taskQueue is not null)
        {
            tags.Add(new("task_queue", taskQueue));
        }
        return [.. tags];
    }

    // Of a sticky queue, whose name is one worker's, the queue it belongs to.
    private static string? TaskQueueOf(IMessage request) =>
        request switch
        {
            StartWorkflowExecutionRequest start => start.TaskQueue,
            SignalWithStartWorkflowExecutionRequest start => start.TaskQueue,
            PollWorkflowTaskQueueRequest poll => poll.TaskQueue,
            PollActivityTaskQueueRequest poll => poll.TaskQueue,
            DescribeTaskQueueRequest describe => describe.TaskQueue,
            ListTaskQueuePartitionsRequest list => list.TaskQueue,
            _ => null,
        } is TaskQueue queue ? queue.Kind == TaskQueueKind.Sticky ? queue.NormalName : queue.Name : null;

    // As gRPC writes it: NOT_FOUND.
    private static string NameOf(RpcStatusCode code)
    {
        var name = new StringBuilder();
        foreach (var letter in code == RpcStatusCode.OK ? string.Empty : code.ToString())
        {
            name.Append(char.IsAsciiLetterUpper(letter) && name.Length > 0 ? "_" : string.Empty).Append(char.ToUpperInvariant(letter));
        }
        return name.ToString();
    }

    private string? NamespaceOf(IMessage request) =>
        namespaces.GetOrAdd(request.Descriptor, static descriptor => descriptor.FindFieldByName("namespace"))?.Accessor.GetValue(request) as string;
}
