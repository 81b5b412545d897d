using Temporalio.Api.Common.V1;

namespace Temporalio.Exceptions;

/// <summary>The server, or the way to it, answered with an error.</summary>
public class RpcException : TemporalException
{
    public RpcException(StatusCode code, string message, byte[]? rawStatus)
        : base(message)
    {
        Code = code;
        RawStatus = rawStatus;
        GrpcStatus = new(() => rawStatus is null ? null : Api.Common.V1.GrpcStatus.Parser.ParseFrom(rawStatus));
    }

    internal RpcException(GrpcStatus status)
        : base(status.Message)
    {
        Code = (StatusCode)status.Code;
        GrpcStatus = new(status);
    }

    /// <summary>gRPC's codes.</summary>
    public enum StatusCode
    {
        OK = 0,
        Cancelled = 1,
        Unknown = 2,
        InvalidArgument = 3,
        DeadlineExceeded = 4,
        NotFound = 5,
        AlreadyExists = 6,
        PermissionDenied = 7,
        ResourceExhausted = 8,
        FailedPrecondition = 9,
        Aborted = 10,
        OutOfRange = 11,
        Unimplemented = 12,
        Internal = 13,
        Unavailable = 14,
        DataLoss = 15,
        Unauthenticated = 16,
    }

    public StatusCode Code { get; }

    /// <summary>The bytes of <c>grpc-status-details-bin</c>; null: none came.</summary>
    public byte[]? RawStatus { get; }

    /// <summary>Code, message and details that the server sent; null: none came.</summary>
    public Lazy<GrpcStatus?> GrpcStatus { get; }
}
