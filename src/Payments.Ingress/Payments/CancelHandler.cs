using System.Text.Json;
using Microsoft.Extensions.Options;
using Payments.Workflows;

namespace Payments.Ingress;

/// <summary>Cancel: gives a payment up before it is captured.</summary>
public sealed class CancelHandler(EngineLink engine, IOptions<PaymentOptions> options, IOptions<LimitOptions> limits)
    : PaymentHandler(PaymentWorkflow.Cancel, engine, options, limits)
{
    public override bool BodyOptional => true;

    public override bool UnkeyedIsNew => true;

    public override object Prepare(JsonElement body) => PaymentRequests.Cancel(body);

    public override Task SubmitAsync(Invocation invocation, TimeSpan delay, CancellationToken cancellationToken) =>
        SignalExistingAsync(invocation, new Submission(null, null, Command(invocation), delay), cancellationToken);

    protected override Task<PaymentOutcome> UpdateAsync(Invocation invocation, CancellationToken cancellationToken) =>
        UpdateExistingAsync(invocation, Command(invocation), cancellationToken);

    protected override Refusal Closed(PaymentView? payment, CallInfo call) =>
        PaymentRules.Cancel(new PaymentState(payment?.Status ?? PaymentStatuses.Empty), new KeyRegistry(), call, DateTimeOffset.MinValue)
        ?? new(OutcomeCodes.PaymentCancelled, "The payment is closed.", payment?.Status);

    private static CancelCommand Command(Invocation invocation) => new(invocation.Call, ((CancelBody)invocation.Request).Reason);
}
