using Durable.Protocol;
using Google.Protobuf;

namespace Durable.Server.Executions;

/// <summary>Task tokens as bytes.</summary>
public static class TaskTokens
{
    public static ByteString Encode(TaskToken token) => token.ToByteString();

    /// <exception cref="RpcFaultException">INVALID_ARGUMENT: no token, or not one of ours of this kind.</exception>
    public static TaskToken Decode(ByteString bytes, TaskTokenKind kind)
    {
        if (bytes.IsEmpty)
        {
            throw new RpcFaultException(RpcStatusCode.InvalidArgument, "Task token not set on request.");
        }
        TaskToken token;
        try
        {
            token = TaskToken.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            throw Unreadable();
        }
        return token.Kind == kind && token.RunId.Length > 0 ? token : throw Unreadable();
    }

    private static RpcFaultException Unreadable() => new(RpcStatusCode.InvalidArgument, "Error deserializing task token.");
}
