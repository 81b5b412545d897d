using Google.Protobuf;

namespace Durable.Protocol;

/// <summary>A unary method: where it lives and how its messages are read.</summary>
/// <param name="Service">Full protobuf name, <c>temporal.api.workflowservice.v1.WorkflowService</c> for example.</param>
/// <param name="Name">The method's name as in the <c>.proto</c>.</param>
public sealed record RpcMethod<TRequest, TResponse>(
    string Service,
    string Name,
    MessageParser<TRequest> RequestParser,
    MessageParser<TResponse> ResponseParser)
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    /// <summary>The HTTP/2 path, <c>/service/method</c>.</summary>
    public string Path { get; } = $"/{Service}/{Name}";
}
