using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Payments.Workflows;

/// <summary>One refund at the gateway. A child of its payment, so that it shows by itself in the inspector, and it goes on when the payment is terminated.</summary>
[Workflow(TypeName)]
public sealed class RefundWorkflow
{
    public const string TypeName = "RefundWorkflow";

    [WorkflowRun]
    public async Task<RefundResult> RunAsync(RefundRequest request)
    {
        var result = await AskUntilDecidedAsync(request);
        if (result.State == RefundResult.Refunded)
        {
            Workflow.UpsertTypedSearchAttributes(
                PaymentSearchAttributes.Status.ValueSet(PaymentStatuses.Refunded),
                PaymentSearchAttributes.SettledAt.ValueSet(result.At ?? new DateTimeOffset(Workflow.UtcNow, TimeSpan.Zero)));
        }
        return result;
    }

    /// <summary>Sends the refund under its key until the gateway has said yes or no, however long that takes.</summary>
    internal static async Task<RefundResult> AskUntilDecidedAsync(RefundRequest request)
    {
        var pause = PaymentTimeouts.ReconcileFirst;
        for (var round = 0; ; round++)
        {
            try
            {
                var options = round == 0 ? PaymentTimeouts.Call("refund") : PaymentTimeouts.Round("refund again");
                return await Workflow.ExecuteActivityAsync<RefundResult>(GatewayActivities.Refund, [request], options);
            }
            catch (ActivityFailureException)
            {
                await Workflow.DelayWithOptionsAsync(new(pause, "reconciliation", CancellationToken.None));
                pause = pause * 2 > PaymentTimeouts.ReconcileMax ? PaymentTimeouts.ReconcileMax : pause * 2;
            }
        }
    }
}
