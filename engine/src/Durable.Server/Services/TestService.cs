using Durable.Protocol;
using Durable.Server.Time;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.TestService.V1;

namespace Durable.Server.Services;

/// <summary>Virtual time from outside; only on a server with a <see cref="VirtualClock"/>.</summary>
internal sealed class TestService(VirtualClock clock)
{
    public void Map(RpcRouter router)
    {
        router.Map(TestServiceMethods.LockTimeSkipping, (_, _) =>
        {
            clock.LockSkipping();
            return Task.FromResult(new LockTimeSkippingResponse());
        });
        router.Map(TestServiceMethods.UnlockTimeSkipping, (_, _) => clock.TryUnlockSkipping()
            ? Task.FromResult(new UnlockTimeSkippingResponse())
            : throw NotLocked());
        router.Map(TestServiceMethods.Sleep, async (request, call) =>
        {
            await clock.SleepAsync(request.Duration?.ToTimeSpan() ?? TimeSpan.Zero, call.CancellationToken).ConfigureAwait(false);
            return new SleepResponse();
        });
        router.Map(TestServiceMethods.SleepUntil, async (request, call) =>
        {
            var left = (request.Timestamp?.ToDateTimeOffset() ?? clock.GetUtcNow()) - clock.GetUtcNow();
            await clock.SleepAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, call.CancellationToken).ConfigureAwait(false);
            return new SleepResponse();
        });
        router.Map(TestServiceMethods.UnlockTimeSkippingWithSleep, async (request, call) =>
        {
            var slept = clock.UnlockWithSleep(request.Duration?.ToTimeSpan() ?? TimeSpan.Zero) ?? throw NotLocked();
            await slept.WaitAsync(call.CancellationToken).ConfigureAwait(false);
            return new SleepResponse();
        });
        router.Map(TestServiceMethods.GetCurrentTime, (_, _) =>
            Task.FromResult(new GetCurrentTimeResponse { Time = clock.GetUtcNow().ToTimestamp() }));
    }

    // Not Internal, which clients would try again.
    private static RpcFaultException NotLocked() => new(RpcStatusCode.InvalidArgument, "Time skipping is not locked");
}
