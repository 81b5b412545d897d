using Temporalio.Api.TestService.V1;

namespace Durable.Protocol;

/// <summary>The methods of <c>temporal.api.testservice.v1.TestService</c>.</summary>
public static class TestServiceMethods
{
    public const string Service = "temporal.api.testservice.v1.TestService";

    public static RpcMethod<LockTimeSkippingRequest, LockTimeSkippingResponse> LockTimeSkipping { get; } =
        new(Service, nameof(LockTimeSkipping), static () => LockTimeSkippingRequest.Parser, static () => LockTimeSkippingResponse.Parser);

    public static RpcMethod<UnlockTimeSkippingRequest, UnlockTimeSkippingResponse> UnlockTimeSkipping { get; } =
        new(Service, nameof(UnlockTimeSkipping), static () => UnlockTimeSkippingRequest.Parser, static () => UnlockTimeSkippingResponse.Parser);

    public static RpcMethod<SleepRequest, SleepResponse> Sleep { get; } =
        new(Service, nameof(Sleep), static () => SleepRequest.Parser, static () => SleepResponse.Parser);

    public static RpcMethod<SleepUntilRequest, SleepResponse> SleepUntil { get; } =
        new(Service, nameof(SleepUntil), static () => SleepUntilRequest.Parser, static () => SleepResponse.Parser);

    public static RpcMethod<SleepRequest, SleepResponse> UnlockTimeSkippingWithSleep { get; } =
        new(Service, nameof(UnlockTimeSkippingWithSleep), static () => SleepRequest.Parser, static () => SleepResponse.Parser);

    public static RpcMethod<Google.Protobuf.WellKnownTypes.Empty, GetCurrentTimeResponse> GetCurrentTime { get; } =
        new(Service, nameof(GetCurrentTime), static () => Google.Protobuf.WellKnownTypes.Empty.Parser, static () => GetCurrentTimeResponse.Parser);
}
