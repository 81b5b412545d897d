using Google.Protobuf;

namespace Durable.Protocol;

/// <summary>A unary method: where it lives and how its messages are read.</summary>
/// <param name="service">Full protobuf name, <c>temporal.api.workflowservice.v1.WorkflowService</c> for example.</param>
/// <param name="name">The method's name as in the <c>.proto</c>.</param>
/// <param name="requestParser">Asked for on first use: a process calls few of the methods that it knows, and each message type costs it time to load.</param>
public sealed class RpcMethod<TRequest, TResponse>(
    string service, string name, Func<MessageParser<TRequest>> requestParser, Func<MessageParser<TResponse>> responseParser)
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    private MessageParser<TRequest>? request;
    private MessageParser<TResponse>? response;

    public string Service => service;

    public string Name => name;

    /// <summary>The HTTP/2 path, <c>/service/method</c>.</summary>
    public string Path { get; } = $"/{service}/{name}";

    public MessageParser<TRequest> RequestParser => request ??= requestParser();

    public MessageParser<TResponse> ResponseParser => response ??= responseParser();
}
