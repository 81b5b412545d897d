using System.Collections.Concurrent;
using System.Diagnostics;
using Durable.Protocol;
using Temporalio.Runtime.Internal;

namespace Temporalio.Client.Internal;

/// <summary>Counts and times calls. Long polls are apart: how long they take says nothing.</summary>
internal sealed class RpcMetrics(SdkMetrics metrics)
{
    private readonly ConcurrentDictionary<string, KeyValuePair<string, object>[]> tags = new();

    public async Task<T> MeasureAsync<T>(string rpc, bool isLong, Func<Task<T>> call)
    {
        var operation = tags.GetOrAdd(rpc, static name => [new("operation", name)]);
        (isLong ? metrics.LongRequest : metrics.Request).Add(1, operation);
        var began = Stopwatch.GetTimestamp();
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (RpcFaultException fault)
        {
            (isLong ? metrics.LongRequestFailure : metrics.RequestFailure).Add(1, [.. operation, new("status_code", fault.Code.ToString())]);
            throw;
        }
        finally
        {
            (isLong ? metrics.LongRequestLatency : metrics.RequestLatency).Record(Stopwatch.GetElapsedTime(began), operation);
        }
    }
}
