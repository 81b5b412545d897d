using Payments.Workflows;

namespace Payments.Ingress;

/// <summary>Outcomes of payments as answers.</summary>
public static class PaymentReplies
{
    public static Reply Of(PaymentOutcome outcome, string? invocationId)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        var problem = ProblemOf(outcome, invocationId);
        return new Reply(problem?.Status ?? (outcome.Code is OutcomeCodes.Captured or OutcomeCodes.Refunded ? 201 : 200), problem is not null ? null : (json, invocation) =>
        {
            PaymentBodies.Write(json, outcome.Payment, invocation.Shape);
            if (outcome.Refund is { } refund)
            {
                PaymentBodies.WriteRefund(json, refund, outcome.Payment.Currency, invocation.Shape);
            }
        })
        {
            Problem = problem,
            Outcome = outcome.Code,
            Nonce = outcome.Nonce,
            Created = outcome.Created,
            Expires = outcome.Expires,
            Customer = outcome.Payment.CustomerId,
            Amount = $"{outcome.Payment.Amount} {outcome.Payment.Currency}",
        };
    }

    public static Problem ProblemOf(Refusal refusal, string? invocationId)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return new Problem(TypeOf(refusal.Code), refusal.Detail)
        {
            // A refund of a payment that was declined is no decline: the table says 409.
            StatusOverride = refusal.Code == OutcomeCodes.Declined ? StatusCodes.Status409Conflict : null,
            SourceOverride = "invocation",
            InvocationId = refusal.Code is OutcomeCodes.NotFound ? null : invocationId,
            CurrentStatus = refusal.CurrentStatus,
            ExpectedFingerprint = refusal.ExpectedFingerprint,
            ActualFingerprint = refusal.ActualFingerprint,
        };
    }

    private static Problem? ProblemOf(PaymentOutcome outcome, string? invocationId) => outcome.Code switch
    {
        OutcomeCodes.Captured or OutcomeCodes.Refunded or OutcomeCodes.Cancelled or OutcomeCodes.NothingToCancel => null,
        OutcomeCodes.Declined => new Problem(ProblemType.PaymentDeclined, $"{outcome.Detail ?? "The card was declined."} ({outcome.Payment.DeclineCode ?? "declined"})")
        {
            InvocationId = invocationId,
            CurrentStatus = outcome.Payment.Status,
        },
        _ => new Problem(TypeOf(outcome.Code), outcome.Detail ?? TypeOf(outcome.Code).Title) { InvocationId = invocationId, CurrentStatus = outcome.Payment.Status },
    };

    private static ProblemType TypeOf(string code) => code switch
    {
        OutcomeCodes.Declined => ProblemType.PaymentDeclined,
        OutcomeCodes.PaymentCancelled => ProblemType.PaymentCancelled,
        OutcomeCodes.PaymentCaptured => ProblemType.PaymentCaptured,
        OutcomeCodes.PaymentExists => ProblemType.PaymentExists,
        OutcomeCodes.PaymentStopped => ProblemType.PaymentStopped,
        OutcomeCodes.RefundExceedsPayment => ProblemType.RefundExceeds,
        OutcomeCodes.RefundDeclined => ProblemType.RefundDeclined,
        OutcomeCodes.RefundWindowClosed => ProblemType.RefundWindowClosed,
        OutcomeCodes.InProgress => ProblemType.InProgress,
        OutcomeCodes.KeyReused => ProblemType.KeyReused,
        OutcomeCodes.NotFound => ProblemType.NotFound,
        OutcomeCodes.TooManyKeys => ProblemType.Overloaded,
        OutcomeCodes.InvocationCancelled => ProblemType.InvocationCancelled,
        _ => throw new InvalidOperationException($"Bug: no problem is named {code}."),
    };
}
