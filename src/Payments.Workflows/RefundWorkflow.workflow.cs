using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Payments.Workflows;

/// <summary>One refund at the gateway. A child of its payment, so that it shows by itself in the inspector, and it goes on when the payment is terminated.</summary>
[Workflow(TypeName)]
public sealed class RefundWorkflow
{
    public const string TypeName = "RefundWorkflow";

    /// <param name="rounds">How often the gateway was asked in vain by runs before this one.</param>
    [WorkflowRun]
    public async Task<RefundResult> RunAsync(RefundRequest request, int rounds = 0)
    {
        RefundResult? result;
        while ((result = await AskAsync(request, rounds)) is null)
        {
            rounds++;
            await Workflow.DelayWithOptionsAsync(new(PaymentTimeouts.ReconcilePause(rounds), "reconciliation", CancellationToken.None));
            if (Workflow.ContinueAsNewSuggested || Workflow.CurrentHistoryLength > PaymentTimeouts.ContinueAsNewEvents)
            {
                // An outage of days is longer than a history may be.
                throw Workflow.CreateContinueAsNewException(TypeName, [request, rounds], new() { TypedSearchAttributes = Workflow.TypedSearchAttributes });
            }
        }
        if (result.State == RefundResult.Refunded)
        {
            Workflow.UpsertTypedSearchAttributes(
                PaymentSearchAttributes.Status.ValueSet(PaymentStatuses.Refunded),
                PaymentSearchAttributes.SettledAt.ValueSet(PaymentSearchAttributes.SettledTime(result.At ?? DateTimeOffset.MinValue, new(Workflow.UtcNow, TimeSpan.Zero))));
        }
        return result;
    }

    /// <summary>Sends the refund under its key. Null when the gateway has said neither yes nor no.</summary>
    internal static async Task<RefundResult?> AskAsync(RefundRequest request, int rounds)
    {
        try
        {
            var options = rounds == 0 ? PaymentTimeouts.Call("refund") : PaymentTimeouts.Round("refund again");
            return await Workflow.ExecuteActivityAsync<RefundResult>(GatewayActivities.Refund, [request], options);
        }
        catch (ActivityFailureException)
        {
            return null;
        }
    }
}
