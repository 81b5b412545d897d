using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Durable.Protocol;

/// <summary>
/// An answer that is not OK. A service handler throws it and the caller's transport throws it again with the same
/// code, message and details, whichever transport lies between.
/// </summary>
public sealed class RpcFaultException : Exception
{
    public RpcFaultException(RpcStatusCode code, string message, params IMessage[] details)
        : base(message)
    {
        if (code == RpcStatusCode.OK)
        {
            throw new ArgumentException("Bug: a fault cannot have the status OK", nameof(code));
        }
        Code = code;
        Details = [.. details.Select(static detail => Any.Pack(detail))];
    }

    public RpcFaultException(RpcStatusCode code, string message, IReadOnlyList<Any> details, Exception? inner = null)
        : base(message, inner)
    {
        Code = code;
        Details = details;
    }

    public RpcStatusCode Code { get; }

    /// <summary>The contents of <c>grpc-status-details-bin</c>; empty when the peer sent none.</summary>
    public IReadOnlyList<Any> Details { get; }
}
