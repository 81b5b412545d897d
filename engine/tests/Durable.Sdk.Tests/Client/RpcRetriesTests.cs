using Durable.Protocol;
using Temporalio.Client;
using Temporalio.Client.Internal;
using Temporalio.Exceptions;

namespace Durable.Sdk.Tests.Client;

public class RpcRetriesTests
{
    [Theory]
    [InlineData(RpcStatusCode.Cancelled, false)]
    [InlineData(RpcStatusCode.Unknown, true)]
    [InlineData(RpcStatusCode.InvalidArgument, false)]
    [InlineData(RpcStatusCode.DeadlineExceeded, false)]
    [InlineData(RpcStatusCode.NotFound, false)]
    [InlineData(RpcStatusCode.AlreadyExists, false)]
    [InlineData(RpcStatusCode.PermissionDenied, false)]
    [InlineData(RpcStatusCode.ResourceExhausted, true)]
    [InlineData(RpcStatusCode.FailedPrecondition, false)]
    [InlineData(RpcStatusCode.Aborted, true)]
    [InlineData(RpcStatusCode.OutOfRange, true)]
    [InlineData(RpcStatusCode.Unimplemented, false)]
    [InlineData(RpcStatusCode.Internal, true)]
    [InlineData(RpcStatusCode.Unavailable, true)]
    [InlineData(RpcStatusCode.DataLoss, true)]
    [InlineData(RpcStatusCode.Unauthenticated, false)]
    public async Task Run_Code_IsTriedAgainOrNot(RpcStatusCode code, bool retried)
    {
        var (calls, fault) = await RunAsync(code, new() { MaxRetries = 2, InitialInterval = TimeSpan.FromMilliseconds(1) });

        calls.ShouldBe(retried ? 2 : 1);
        fault.Code.ShouldBe((RpcException.StatusCode)code);
        fault.Message.ShouldBe("as it is");
    }

    [Theory]
    [InlineData("Any", false, 10, 10_000, 1)]
    [InlineData("Any", true, 10, 10_000, 10)]
    [InlineData("Any", true, 1, 10_000, 1)]
    [InlineData("Any", true, 10, 0, 1)]
    [InlineData("PollWorkflowTaskQueue", true, 10, 10_000, 1)]
    [InlineData("PollActivityTaskQueue", true, 10, 10_000, 1)]
    public async Task Run_OptionsAndCall_SayHowOften(string rpc, bool retry, int most, int elapsedMilliseconds, int expected)
    {
        var (calls, _) = await RunAsync(
            RpcStatusCode.Unavailable,
            new() { MaxRetries = most, MaxElapsedTime = TimeSpan.FromMilliseconds(elapsedMilliseconds), InitialInterval = TimeSpan.FromMilliseconds(1), Multiplier = 1 },
            rpc,
            retry);

        calls.ShouldBe(expected);
    }

    private static async Task<(int Calls, RpcException Fault)> RunAsync(RpcStatusCode code, RpcRetryOptions options, string rpc = "Any", bool retry = true)
    {
        var calls = 0;
        var fault = await Should.ThrowAsync<RpcException>(() => new RpcRetries(options).RunAsync<int>(
            rpc,
            retry,
            () =>
            {
                calls++;
                throw new RpcFaultException(code, "as it is");
            },
            CancellationToken.None));
        return (calls, fault);
    }
}
