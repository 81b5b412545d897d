using System.Text.Json;
using Microsoft.Extensions.Options;
using Payments.Workflows;

namespace Payments.Ingress;

/// <summary>Refund: of a payment that is there. Always needs a key: two refunds of one amount may both be meant.</summary>
public sealed class RefundHandler(EngineLink engine, IOptions<PaymentOptions> options, IOptions<LimitOptions> limits)
    : PaymentHandler(PaymentWorkflow.Refund, engine, options, limits)
{
    private readonly PaymentRequests requests = new(limits.Value);

    public override bool KeyRequired => true;

    public override bool BodyOptional => true;

    public override object Prepare(JsonElement body) => requests.Refund(body);

    public override Task SubmitAsync(Invocation invocation, TimeSpan delay, CancellationToken cancellationToken) =>
        SignalExistingAsync(invocation, new Submission(null, Command(invocation), null, delay), cancellationToken);

    protected override Task<PaymentOutcome> UpdateAsync(Invocation invocation, CancellationToken cancellationToken) =>
        UpdateExistingAsync(invocation, Command(invocation), cancellationToken);

    protected override Refusal Closed(PaymentView? payment, CallInfo call) =>
        PaymentRules.Refund(new PaymentState(payment?.Status ?? PaymentStatuses.Empty), new KeyRegistry(), call, DateTimeOffset.MinValue)
        ?? new(OutcomeCodes.RefundWindowClosed, "The payment is closed: its refund window is over.", payment?.Status);

    private static RefundCommand Command(Invocation invocation)
    {
        var request = (RefundBody)invocation.Request;
        return new RefundCommand(invocation.Call, request.AmountMinorUnits, request.Reason);
    }
}
