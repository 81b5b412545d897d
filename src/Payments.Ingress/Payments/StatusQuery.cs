using Microsoft.Extensions.Options;
using Payments.Ids;
using Payments.Workflows;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Payments.Ingress;

/// <summary><c>GET …/Status</c>, <c>POST …/GetStatus</c>: the payment as it is.</summary>
public sealed class StatusQuery(EngineLink engine, Merchants merchants, IOptions<LimitOptions> limits)
    : IngressQuery(PaymentHandler.ServiceName, "Status", "GetStatus")
{
    public override async Task AnswerAsync(HttpContext http, string objectId)
    {
        ArgumentNullException.ThrowIfNull(http);
        InvocationFactory.CheckObjectId(objectId);
        var payment = await FindAsync(merchants.Of(http), objectId, http.RequestAborted).ConfigureAwait(false)
            ?? throw new ProblemException(new(ProblemType.NotFound, "There is no such payment."));
        await http.WriteJsonAsync(json => PaymentBodies.WriteStatus(json, payment, Shape.MinorUnits)).ConfigureAwait(false);
    }

    /// <summary>Null when there is no such payment, or only an empty one.</summary>
    public async Task<PaymentView?> FindAsync(string merchant, string paymentId, CancellationToken cancellationToken)
    {
        try
        {
            return await engine.Client.GetWorkflowHandle(PaymentIds.Payment(merchant, paymentId)).QueryAsync<PaymentView?>(
                PaymentWorkflow.Status, [],
                new WorkflowQueryOptions { Rpc = new() { Timeout = limits.Value.QueryTimeout, CancellationToken = cancellationToken } }).ConfigureAwait(false);
        }
        catch (Exception e) when (EngineFaults.IsNotFound(e))
        {
            return null;
        }
        catch (WorkflowQueryFailedException e)
        {
            throw new ProblemException(new(ProblemType.EngineUnavailable, $"The payment could not be read: {e.Message}"));
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && EngineFaults.ToProblem(e) is { } problem)
        {
            throw new ProblemException(problem);
        }
    }
}
