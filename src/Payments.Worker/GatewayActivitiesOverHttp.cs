using System.Diagnostics;
using Payments.Telemetry;
using Payments.Workflows;
using Temporalio.Activities;
using Temporalio.Exceptions;

namespace Payments.Worker;

/// <summary>The gateway's side effects over HTTP, with metrics. Thread-safe.</summary>
/// <param name="stableKeys">False, in the lab only, makes each try a request of its own to the gateway: what then goes wrong is the lesson.</param>
public sealed class GatewayActivitiesOverHttp(GatewayClient gateway, bool stableKeys) : IGatewayActivities
{
    [Activity(GatewayActivities.Charge)]
    public async Task<ChargeResult> ChargeAsync(ChargeRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var sent = stableKeys ? request : request with { Key = request.Key + ":try-" + Guid.NewGuid().ToString("N")[..8] };
        var result = await MeasureAsync("charge", token => gateway.ChargeAsync(sent, token), charge => charge.State).ConfigureAwait(false);
        CountDuplicate(result.Replayed, "charge", result.State);
        return result;
    }

    [Activity(GatewayActivities.FindCharge)]
    public Task<ChargeResult> FindChargeAsync(string key) => MeasureAsync("find", token => gateway.FindAsync(key, token), charge => charge.State);

    [Activity(GatewayActivities.VoidCharge)]
    public Task<ChargeResult> VoidChargeAsync(string key) => MeasureAsync("void", token => gateway.VoidAsync(key, token), charge => charge.State);

    [Activity(GatewayActivities.Refund)]
    public async Task<RefundResult> RefundAsync(RefundRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var sent = stableKeys ? request : request with { Key = request.Key + ":try-" + Guid.NewGuid().ToString("N")[..8] };
        var result = await MeasureAsync("refund", token => gateway.RefundAsync(sent, token), refund => refund.State).ConfigureAwait(false);
        CountDuplicate(result.Replayed, "refund", result.State);
        return result;
    }

    [Activity(GatewayActivities.FindRefunds)]
    public Task<IReadOnlyList<KnownRefund>> FindRefundsAsync(string merchant, string paymentId, string transactionId) =>
        MeasureAsync("find-refunds", token => gateway.FindRefundsAsync(merchant, paymentId, transactionId, token), _ => "found");

    private static void CountDuplicate(bool replayed, string operation, string result)
    {
        if (replayed)
        {
            PaymentMeters.GatewayDuplicates.Add(1, PaymentMeters.Operation(operation), PaymentMeters.Result(result));
        }
    }

    private static async Task<T> MeasureAsync<T>(string operation, Func<CancellationToken, Task<T>> call, Func<T, string> resultOf)
    {
        var name = PaymentMeters.Operation(operation);
        var context = ActivityExecutionContext.Current;
        if (context.Info.Attempt > 1)
        {
            PaymentMeters.GatewayRetries.Add(1, name, PaymentMeters.Result("retry"));
        }
        var started = Stopwatch.GetTimestamp();
        var outcome = "error";
        try
        {
            var result = await call(context.CancellationToken).ConfigureAwait(false);
            outcome = resultOf(result);
            return result;
        }
        catch (GatewayException e)
        {
            outcome = e.ErrorType == GatewayFailures.GatewayUnavailable ? "unavailable" : "unknown";
            throw new ApplicationFailureException(e.Message, e, e.ErrorType);
        }
        finally
        {
            PaymentMeters.GatewayRequests.Add(1, name, PaymentMeters.Result(outcome));
            PaymentMeters.GatewaySeconds.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, name, PaymentMeters.Result(outcome));
        }
    }
}
