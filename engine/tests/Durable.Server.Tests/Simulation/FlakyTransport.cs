using Durable.Protocol;

namespace Durable.Server.Tests.Simulation;

/// <summary>A network as the seed wants it: requests that never arrive, answers that are lost, requests that arrive twice.</summary>
internal sealed class FlakyTransport(RpcTransport inner, int seed) : RpcTransport
{
    private readonly Random random = new(seed);

    public override async Task<TResponse> CallAsync<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method, TRequest request, RpcCallOptions options, CancellationToken cancellationToken)
    {
        switch (Roll())
        {
            case < 5:
                throw new RpcFaultException(RpcStatusCode.Unavailable, "simulated: the request is lost");
            case < 10:
                await inner.CallAsync(method, request, options, cancellationToken);
                throw new RpcFaultException(RpcStatusCode.Unavailable, "simulated: the answer is lost");
            case < 15 when !method.Name.StartsWith("Poll", StringComparison.Ordinal):
                var first = await inner.CallAsync(method, request, options, cancellationToken);
                try
                {
                    await inner.CallAsync(method, request, options, cancellationToken);
                }
                catch (RpcFaultException)
                {
                    // What the second one is told, nobody hears.
                }
                return first;
            default:
                return await inner.CallAsync(method, request, options, cancellationToken);
        }
    }

    public override ValueTask DisposeAsync() => inner.DisposeAsync();

    private int Roll()
    {
        lock (random)
        {
            return random.Next(100);
        }
    }
}
