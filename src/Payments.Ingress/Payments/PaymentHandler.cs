using System.Text.Json;
using Microsoft.Extensions.Options;
using Payments.Ids;
using Payments.Workflows;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Payments.Ingress;

/// <summary>What Create, Refund and Cancel share: an update on the payment, a signal to submit it, a query to look at it.</summary>
public abstract class PaymentHandler(string name, EngineLink engine, IOptions<PaymentOptions> options, IOptions<LimitOptions> limits)
    : IngressHandler(ServiceName, name)
{
    public const string ServiceName = "PaymentService";

    /// <summary>Runs of one payment that a request may meet: the one that ends, and its successor with a margin.</summary>
    private const int RunsTried = 3;

    protected ITemporalClient Client => engine.Client;

    protected PaymentOptions Options => options.Value;

    protected LimitOptions Limits => limits.Value;

    /// <summary>Whether the request may bring its payment into being.</summary>
    protected virtual bool CanBegin => false;

    public override string WorkflowIdOf(string merchant, string objectId, string keyHash) => PaymentIds.Payment(merchant, objectId);

    public override bool Owns(string workflowId)
    {
        ArgumentNullException.ThrowIfNull(workflowId);
        return workflowId.StartsWith("payment/", StringComparison.Ordinal);
    }

    public override async Task<Reply> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        for (var tries = 1; ; tries++)
        {
            try
            {
                var outcome = await UpdateAsync(invocation, cancellationToken).ConfigureAwait(false);
                return PaymentReplies.Of(outcome, invocation.Id);
            }
            catch (WorkflowUpdateFailedException e) when (RefusalIn(e) is { } refusal)
            {
                throw new ProblemException(PaymentReplies.ProblemOf(refusal, invocation.Id));
            }
            catch (Exception e) when (IsRunOver(e))
            {
                // Closed, continued as new, terminated, or never there. The registry tells; or the same request meets the payment's next run.
                if (await FromClosedAsync(invocation, e is WorkflowAlreadyStartedException, cancellationToken).ConfigureAwait(false) is { } reply)
                {
                    return reply;
                }
                if (tries == RunsTried)
                {
                    throw new ProblemException(new(ProblemType.EngineUnavailable, "The payment ended again and again under the request.") { InvocationId = invocation.Id });
                }
            }
        }
    }

    public override async Task<Known> LookAsync(InvocationId id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        Answer answer;
        try
        {
            answer = await AskAsync(id.WorkflowId, id.KeyHash, id.Fingerprint, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (EngineFaults.IsNotFound(e))
        {
            return new Known(KnownState.Unknown);
        }
        // The record's end frees the key for another body: to such a request it is unknown.
        var freed = answer.Record is { Outcome: not null } ended && ended.Fingerprint != id.Fingerprint && ended.Expires <= engine.Time.GetUtcNow();
        return answer.Record switch
        {
            // Refused after it was put into the history.
            _ when !freed && answer.Refusal is { } refusal => new Known(KnownState.Ready, RefusedReply(refusal, id), CurrentStatus: answer.Payment?.Status),
            _ when freed => new Known(KnownState.Unknown, CurrentStatus: answer.Payment?.Status),
            null => new Known(KnownState.Unknown, CurrentStatus: answer.Payment?.Status),
            { Outcome: null } record => new Known(KnownState.Running, Fingerprint: record.Fingerprint, CurrentStatus: answer.Payment?.Status),
            var record => new Known(KnownState.Ready, PaymentReplies.Of(record.Outcome, id.ToString()), record.Fingerprint, answer.Payment?.Status),
        };
    }

    public override async Task<Reply> AttachAsync(InvocationId id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        for (var tries = 1; ; tries++)
        {
            try
            {
                var outcome = await Client.GetWorkflowHandle(id.WorkflowId).ExecuteUpdateAsync<PaymentOutcome>(
                    PaymentWorkflow.Attach, [id.KeyHash, id.Fingerprint],
                    new WorkflowUpdateOptions(PaymentIds.Update(PaymentWorkflow.Attach, id.KeyHash, id.Fingerprint)) { Rpc = Rpc(cancellationToken) }).ConfigureAwait(false);
                return PaymentReplies.Of(outcome, id.ToString());
            }
            catch (WorkflowUpdateFailedException e) when (RefusalIn(e) is { } refusal)
            {
                throw new ProblemException(PaymentReplies.ProblemOf(refusal, id.ToString()));
            }
            catch (Exception e) when (IsRunOver(e))
            {
                var known = await LookAsync(id, cancellationToken).ConfigureAwait(false);
                if (known.Reply is { } reply)
                {
                    return reply;
                }
                if (known.State == KnownState.Unknown || tries == RunsTried)
                {
                    throw new ProblemException(new(ProblemType.NotFound, "There is no such invocation."));
                }
            }
        }
    }

    /// <summary>Takes the one request back. A cancel of the workflow, as the inspector sends it, can be asked for only once in a run and means the whole payment.</summary>
    public override async Task CancelAsync(InvocationId id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        try
        {
            await Client.GetWorkflowHandle(id.WorkflowId).SignalAsync(
                PaymentWorkflow.Withdraw, [id.KeyHash], new WorkflowSignalOptions { Rpc = Rpc(cancellationToken) }).ConfigureAwait(false);
        }
        catch (Exception e) when (EngineFaults.IsNotFound(e))
        {
            // The payment is closed: there is nothing under way to cancel.
        }
    }

    protected abstract Task<PaymentOutcome> UpdateAsync(Invocation invocation, CancellationToken cancellationToken);

    /// <summary>What a closed payment says to a request that its registry does not know.</summary>
    protected abstract Refusal Closed(PaymentView? payment, CallInfo call);

    protected static RpcOptions Rpc(CancellationToken cancellationToken) => new() { CancellationToken = cancellationToken };

    protected Task<PaymentOutcome> UpdateExistingAsync(Invocation invocation, object command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        return Client.GetWorkflowHandle(invocation.WorkflowId).ExecuteUpdateAsync<PaymentOutcome>(
            Name, [command], new WorkflowUpdateOptions(invocation.UpdateId) { Rpc = Rpc(cancellationToken) });
    }

    protected async Task SignalExistingAsync(Invocation invocation, Submission submission, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        try
        {
            await Client.GetWorkflowHandle(invocation.WorkflowId).SignalAsync(
                PaymentWorkflow.Submit, [submission], new WorkflowSignalOptions { Rpc = Rpc(cancellationToken) }).ConfigureAwait(false);
        }
        catch (Exception e) when (EngineFaults.IsNotFound(e))
        {
            if (await FromClosedAsync(invocation, false, cancellationToken).ConfigureAwait(false) is null)
            {
                throw new ProblemException(new(ProblemType.EngineUnavailable, "The payment ended under the request.") { InvocationId = invocation.Id });
            }
        }
    }

    /// <summary>The answer of a payment that takes no requests any more: a replay, or why not.</summary>
    /// <param name="taken">The engine has said that the id is taken for good.</param>
    /// <returns>Null when the payment goes on in another run, or can begin anew: the request has to be sent again.</returns>
    protected async Task<Reply?> FromClosedAsync(Invocation invocation, bool taken, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        Answer answer;
        try
        {
            answer = await AskAsync(invocation.WorkflowId, invocation.KeyHash, null, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (EngineFaults.IsNotFound(e))
        {
            return CanBegin ? null : throw new ProblemException(PaymentReplies.ProblemOf(new(OutcomeCodes.NotFound, "There is no such payment."), invocation.Id));
        }
        if (answer.Record is { Outcome: { } outcome } record && record.Fingerprint == invocation.Fingerprint)
        {
            return PaymentReplies.Of(outcome, invocation.Id);
        }
        var ended = taken || CanBegin ? WorkflowExecutionStatus.Completed : await EndOfAsync(invocation.WorkflowId, cancellationToken).ConfigureAwait(false);
        if ((!taken && CanBegin) || ended == WorkflowExecutionStatus.Running)
        {
            return null;
        }
        var reused = answer.Record is { } other && other.HasKey && (invocation.Bound || other.Expires > engine.Time.GetUtcNow()) && other.Fingerprint != invocation.Fingerprint;
        var refusal = reused
            ? new Refusal(OutcomeCodes.KeyReused, "The idempotency key was used with another body. Send the first body again, or use a new key.",
                ExpectedFingerprint: answer.Record!.Fingerprint, ActualFingerprint: invocation.Fingerprint)
            // A payment ends itself as completed or failed; any other end was somebody's hand.
            : ended is WorkflowExecutionStatus.Completed or WorkflowExecutionStatus.Failed ? Closed(answer.Payment, invocation.Call)
            : new(OutcomeCodes.PaymentStopped,
                "The payment's workflow was ended by hand. Create it again under a new key: it is taken up from the gateway's record, and nothing is charged twice.",
                answer.Payment?.Status);
        throw new ProblemException(PaymentReplies.ProblemOf(refusal, invocation.Id));
    }

    private static bool IsRunOver(Exception exception) =>
        exception is WorkflowAlreadyStartedException or WorkflowUpdateFailedException || EngineFaults.IsNotFound(exception);

    private async Task<WorkflowExecutionStatus> EndOfAsync(string workflowId, CancellationToken cancellationToken) =>
        (await Client.GetWorkflowHandle(workflowId).DescribeAsync(new WorkflowDescribeOptions { Rpc = Rpc(cancellationToken) }).ConfigureAwait(false)).Status;

    private Task<Answer> AskAsync(string workflowId, string keyHash, string? fingerprint, CancellationToken cancellationToken) =>
        Client.GetWorkflowHandle(workflowId).QueryAsync<Answer>(
            PaymentWorkflow.Ask, [Name, keyHash, fingerprint],
            new WorkflowQueryOptions { Rpc = new() { Timeout = Limits.QueryTimeout, CancellationToken = cancellationToken } });

    private static Reply RefusedReply(Refusal refusal, InvocationId id)
    {
        var problem = PaymentReplies.ProblemOf(refusal, id.ToString());
        return new Reply(problem.Status, null) { Problem = problem, Outcome = refusal.Code, Nonce = "", Final = false };
    }

    private static Refusal? RefusalIn(WorkflowUpdateFailedException exception) =>
        exception.InnerException is ApplicationFailureException { ErrorType: Refusal.ErrorType } failure ? failure.Details.ElementAt<Refusal>(0) : null;
}
