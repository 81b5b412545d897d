using System.Text.Json;
using Microsoft.Extensions.Options;
using Payments.Workflows;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Common;
using Temporalio.Exceptions;

namespace Payments.Ingress;

/// <summary>Create: the one handler that may bring its payment into being, with the update in the same call.</summary>
public sealed class CreateHandler(EngineLink engine, IOptions<PaymentOptions> options, IOptions<LimitOptions> limits)
    : PaymentHandler(PaymentWorkflow.Create, engine, options, limits)
{
    private readonly PaymentRequests requests = new(limits.Value);

    protected override bool CanBegin => true;

    public override object Prepare(JsonElement body) => requests.Create(body);

    public override async Task SubmitAsync(Invocation invocation, TimeSpan delay, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        var start = StartOptions(invocation, delay > TimeSpan.Zero ? PaymentStatuses.Scheduled : PaymentStatuses.Processing);
        start.SignalWithStart(PaymentWorkflow.Submit, [new Submission(Command(invocation), null, null, delay)]);
        start.Rpc = Rpc(cancellationToken);
        try
        {
            await Client.StartWorkflowAsync(PaymentWorkflow.TypeName, [Argument(invocation)], start).ConfigureAwait(false);
        }
        catch (WorkflowAlreadyStartedException)
        {
            await FromClosedAsync(invocation, true, cancellationToken).ConfigureAwait(false);
        }
    }

    protected override Task<PaymentOutcome> UpdateAsync(Invocation invocation, CancellationToken cancellationToken) =>
        Client.ExecuteUpdateWithStartWorkflowAsync<PaymentOutcome>(
            PaymentWorkflow.Create, [Command(invocation)],
            new WorkflowUpdateWithStartOptions(
                invocation.UpdateId, WithStartWorkflowOperation.Create(PaymentWorkflow.TypeName, [Argument(invocation)], StartOptions(invocation, PaymentStatuses.Processing)))
            {
                Rpc = Rpc(cancellationToken),
            });

    protected override Refusal Closed(PaymentView? payment, CallInfo call) =>
        new(OutcomeCodes.PaymentExists, "The payment was already made by another request. Ask for its status instead of paying again.", payment?.Status);

    private PaymentStart Argument(Invocation invocation) => new(invocation.Merchant, invocation.ObjectId, Options.RefundWindow);

    // A captured payment completes and keeps its id; declined and cancelled ones fail, and their id is free.
    private WorkflowOptions StartOptions(Invocation invocation, string status)
    {
        var request = (CreateRequest)invocation.Request;
        var attributes = new SearchAttributeCollection.Builder()
            .Set(PaymentSearchAttributes.Merchant, invocation.Merchant)
            .Set(PaymentSearchAttributes.PaymentId, invocation.ObjectId)
            .Set(PaymentSearchAttributes.Status, status)
            .Set(PaymentSearchAttributes.Amount, request.Amount.MinorUnits)
            .Set(PaymentSearchAttributes.Currency, request.Amount.Currency.Code);
        if (invocation.SearchHash is { } hash)
        {
            attributes.Set(PaymentSearchAttributes.Keys, [hash]);
        }
        return new WorkflowOptions(invocation.WorkflowId, Options.TaskQueue)
        {
            IdConflictPolicy = WorkflowIdConflictPolicy.UseExisting,
            IdReusePolicy = WorkflowIdReusePolicy.AllowDuplicateFailedOnly,
            TypedSearchAttributes = attributes.ToSearchAttributeCollection(),
        };
    }

    private static CreateCommand Command(Invocation invocation)
    {
        var request = (CreateRequest)invocation.Request;
        return new CreateCommand(
            invocation.Call, request.Amount.MinorUnits, request.Amount.Currency.Code, request.Description, request.CustomerId, request.PaymentMethod.Token);
    }
}
