using System.Text.Json;
using Microsoft.Extensions.Options;
using Payments.Ids;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Payments.Ingress;

/// <summary>A query of the workflow that stands for an object; see <see cref="StartHandler"/>.</summary>
public sealed class WorkflowQuery(string service, string name, string query, EngineLink engine, Merchants merchants, IOptions<LimitOptions> limits)
    : IngressQuery(service, name, "Get" + name)
{
    public override async Task AnswerAsync(HttpContext http, string objectId)
    {
        ArgumentNullException.ThrowIfNull(http);
        InvocationFactory.CheckObjectId(objectId);
        var workflowId = $"{PaymentIds.Part(Service)}/{PaymentIds.Part(merchants.Of(http))}/{PaymentIds.Part(objectId)}";
        JsonElement result;
        try
        {
            result = await engine.Client.GetWorkflowHandle(workflowId).QueryAsync<JsonElement>(
                query, [], new WorkflowQueryOptions { Rpc = new() { Timeout = limits.Value.QueryTimeout, CancellationToken = http.RequestAborted } }).ConfigureAwait(false);
        }
        catch (WorkflowQueryFailedException e)
        {
            throw new ProblemException(new(ProblemType.EngineUnavailable, $"The object could not be read: {e.Message}"));
        }
        catch (Exception e) when (!http.RequestAborted.IsCancellationRequested && EngineFaults.ToProblem(e) is { } problem)
        {
            throw new ProblemException(EngineFaults.IsNotFound(e) ? new(ProblemType.NotFound, "There is no such object.") : problem);
        }
        await http.WriteJsonAsync(result.WriteTo).ConfigureAwait(false);
    }
}
