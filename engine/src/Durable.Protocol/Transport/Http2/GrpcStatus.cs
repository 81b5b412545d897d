using Google.Protobuf;

namespace Durable.Protocol.Http2;

/// <summary>The end of a call as trailers: <c>grpc-status</c>, <c>grpc-message</c>, <c>grpc-status-details-bin</c>.</summary>
public static class GrpcStatus
{
    /// <summary><c>google.rpc.Status</c> of a fault that has details; null when it has none.</summary>
    public static string? EncodeDetails(RpcFaultException fault)
    {
        if (fault.Details.Count == 0)
        {
            return null;
        }
        var status = new Google.Rpc.Status { Code = (int)fault.Code, Message = fault.Message };
        status.Details.AddRange(fault.Details);
        return GrpcBinary.Encode(status.ToByteArray());
    }

    public static RpcFaultException ToFault(RpcStatusCode code, string? message, string? details)
    {
        if (details is not null && GrpcBinary.TryDecode(details, out var bytes))
        {
            try
            {
                return new RpcFaultException(code, message is null ? "" : GrpcMessageText.Decode(message), [.. Google.Rpc.Status.Parser.ParseFrom(bytes).Details]);
            }
            catch (InvalidProtocolBufferException)
            {
                // Details that cannot be read must not hide the status itself.
            }
        }
        return new RpcFaultException(code, message is null ? "" : GrpcMessageText.Decode(message), []);
    }

    /// <summary>What an HTTP status means where no <c>grpc-status</c> came (gRPC's http-grpc-status-mapping).</summary>
    public static RpcStatusCode FromHttpStatus(int status) => status switch
    {
        400 => RpcStatusCode.Internal,
        401 => RpcStatusCode.Unauthenticated,
        403 => RpcStatusCode.PermissionDenied,
        404 => RpcStatusCode.Unimplemented,
        429 or 502 or 503 or 504 => RpcStatusCode.Unavailable,
        _ => RpcStatusCode.Unknown,
    };
}
