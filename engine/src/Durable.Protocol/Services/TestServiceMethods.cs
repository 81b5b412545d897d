using Temporalio.Api.TestService.V1;

namespace Durable.Protocol;

/// <summary>The methods of <c>temporal.api.testservice.v1.TestService</c>.</summary>
public static class TestServiceMethods
{
    public const string Service = "temporal.api.testservice.v1.TestService";

    public static RpcMethod<LockTimeSkippingRequest, LockTimeSkippingResponse> LockTimeSkipping { get; } =
        new(Service, nameof(LockTimeSkipping), LockTimeSkippingRequest.Parser, LockTimeSkippingResponse.Parser);

    public static RpcMethod<UnlockTimeSkippingRequest, UnlockTimeSkippingResponse> UnlockTimeSkipping { get; } =
        new(Service, nameof(UnlockTimeSkipping), UnlockTimeSkippingRequest.Parser, UnlockTimeSkippingResponse.Parser);

    public static RpcMethod<SleepRequest, SleepResponse> Sleep { get; } =
        new(Service, nameof(Sleep), SleepRequest.Parser, SleepResponse.Parser);

    public static RpcMethod<SleepUntilRequest, SleepResponse> SleepUntil { get; } =
        new(Service, nameof(SleepUntil), SleepUntilRequest.Parser, SleepResponse.Parser);

    public static RpcMethod<SleepRequest, SleepResponse> UnlockTimeSkippingWithSleep { get; } =
        new(Service, nameof(UnlockTimeSkippingWithSleep), SleepRequest.Parser, SleepResponse.Parser);

    public static RpcMethod<Google.Protobuf.WellKnownTypes.Empty, GetCurrentTimeResponse> GetCurrentTime { get; } =
        new(Service, nameof(GetCurrentTime), Google.Protobuf.WellKnownTypes.Empty.Parser, GetCurrentTimeResponse.Parser);
}
