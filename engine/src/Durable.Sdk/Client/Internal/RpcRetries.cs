using System.Diagnostics;
using Durable.Protocol;
using Google.Protobuf;
using Temporalio.Exceptions;

namespace Temporalio.Client.Internal;

/// <summary>Which answers are tried again, and when.</summary>
internal sealed class RpcRetries(RpcRetryOptions options)
{
    /// <summary>The first wait after RESOURCE_EXHAUSTED: the server asked for a rest.</summary>
    private static readonly TimeSpan ExhaustedInterval = TimeSpan.FromSeconds(1);

    public async Task<T> RunAsync<T>(string rpc, bool retry, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        var isPoll = rpc is "PollWorkflowTaskQueue" or "PollActivityTaskQueue";
        var began = Stopwatch.GetTimestamp();
        for (var tried = 1; ; tried++)
        {
            try
            {
                return await call().ConfigureAwait(false);
            }
            catch (RpcFaultException fault)
            {
                // Polls have a loop of their own around them.
                var wait = Wait(fault.Code, tried);
                if (isPoll || !retry || !IsRetryable(fault.Code) || tried >= options.MaxRetries ||
                    (options.MaxElapsedTime is { } most && Stopwatch.GetElapsedTime(began) + wait > most))
                {
                    throw Translate(fault);
                }
                await Task.Delay(wait, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public static RpcException Translate(RpcFaultException fault)
    {
        byte[]? raw = null;
        if (fault.Details.Count > 0)
        {
            var status = new Google.Rpc.Status { Code = (int)fault.Code, Message = fault.Message };
            status.Details.AddRange(fault.Details);
            raw = status.ToByteArray();
        }
        // The official SDK tells a deadline of its own as Cancelled (client-observations).
        return fault is { Code: RpcStatusCode.DeadlineExceeded, Message: "Timeout expired" }
            ? new RpcException(RpcException.StatusCode.Cancelled, fault.Message, raw)
            : new RpcException((RpcException.StatusCode)fault.Code, fault.Message, raw);
    }

    private static bool IsRetryable(RpcStatusCode code) => code is RpcStatusCode.DataLoss or RpcStatusCode.Internal or RpcStatusCode.Unknown
        or RpcStatusCode.ResourceExhausted or RpcStatusCode.Aborted or RpcStatusCode.OutOfRange or RpcStatusCode.Unavailable;

    private TimeSpan Wait(RpcStatusCode code, int tried)
    {
        var first = code == RpcStatusCode.ResourceExhausted ? ExhaustedInterval : options.InitialInterval;
        var seconds = Math.Min(first.TotalSeconds * Math.Pow(options.Multiplier, tried - 1), Math.Max(options.MaxInterval.TotalSeconds, first.TotalSeconds));
        var spread = options.RandomizationFactor * ((Random.Shared.NextDouble() * 2) - 1);
        return TimeSpan.FromSeconds(seconds * (1 + spread));
    }
}
