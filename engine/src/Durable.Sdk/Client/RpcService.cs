using Google.Protobuf;

namespace Temporalio.Client;

/// <summary>A gRPC service of the server.</summary>
public abstract class RpcService
{
    /// <exception cref="Exceptions.RpcException">The answer was not OK after the tries that the options allow.</exception>
    /// <exception cref="OperationCanceledException">The token of the options was cancelled.</exception>
    protected abstract Task<T> InvokeRpcAsync<T>(string rpc, IMessage req, MessageParser<T> resp, RpcOptions? options = null)
        where T : IMessage<T>;
}
