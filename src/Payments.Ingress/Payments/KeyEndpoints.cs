using System.Text.Json;
using Payments.Ids;
using Payments.Workflows;
using Temporalio.Client;

namespace Payments.Ingress;

/// <summary><c>GET /idempotency-keys/{key}</c>: what a key stands for.</summary>
public static class KeyEndpoints
{
    public static void MapKeys(this IEndpointRouteBuilder app) => app.MapGet("/idempotency-keys/{id}", (HttpContext http) => FindAsync(http));

    private static async Task FindAsync(HttpContext http)
    {
        var (key, error) = IdempotencyKeyHeader.ParseValue(InvocationEndpoints.PathId(http));
        if (error is not null)
        {
            throw new ProblemException(new(ProblemType.KeyInvalid, error));
        }
        var merchant = http.RequestServices.GetRequiredService<Merchants>().Of(http);
        try
        {
            var found = InvocationEndpoints.QueryOf(http, "operation") is { Length: > 0 } operation
                ? await ByOperationAsync(http, merchant, key!, operation).ConfigureAwait(false)
                : await ByCollectionAsync(http, merchant, key!).ConfigureAwait(false) ?? await BySearchAsync(http, merchant, key!).ConfigureAwait(false);
            if (found is not { } record || (record.Record.Outcome is not null && record.Record.Expires <= http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow()))
            {
                throw new ProblemException(new(ProblemType.NotFound, "There is no record of this key, or its lifetime is over."));
            }
            await http.WriteJsonAsync(json => Write(json, record.WorkflowId, record.Record)).ConfigureAwait(false);
        }
        catch (Exception e) when (!http.RequestAborted.IsCancellationRequested && EngineFaults.ToProblem(e) is { } problem)
        {
            throw new ProblemException(problem);
        }
    }

    private static async Task<(string WorkflowId, KeyRecord Record)?> ByOperationAsync(HttpContext http, string merchant, string key, string operation)
    {
        var parts = operation.Split('/');
        if (parts.Length != 3 || http.RequestServices.GetRequiredService<ServiceRegistry>().Find(parts[0], parts[2]) is not PaymentHandler handler)
        {
            throw new ProblemException(Problem.Field("operation", "must be Service/{id}/Handler, as in PaymentService/payment-123/Create."));
        }
        var objectId = Uri.UnescapeDataString(parts[1]);
        InvocationFactory.CheckObjectId(objectId);
        var hash = InvocationFactory.KeyHashOf(handler, merchant, objectId, key);
        return await AskAsync(http, PaymentIds.Payment(merchant, objectId), handler.Name, hash).ConfigureAwait(false);
    }

    private static Task<(string WorkflowId, KeyRecord Record)?> ByCollectionAsync(HttpContext http, string merchant, string key)
    {
        var hash = PaymentIds.KeyHash(InvocationFactory.CollectionScope(merchant), key);
        return AskAsync(http, PaymentIds.Payment(merchant, PaymentIds.MintedPaymentId(hash)), PaymentWorkflow.Create, hash);
    }

    private static async Task<(string WorkflowId, KeyRecord Record)?> AskAsync(HttpContext http, string workflowId, string operation, string hash)
    {
        try
        {
            var answer = await Client(http).GetWorkflowHandle(workflowId).QueryAsync<Answer>(PaymentWorkflow.Ask, [operation, hash, null], Query(http)).ConfigureAwait(false);
            return answer.Record is { } record ? (workflowId, record) : null;
        }
        catch (Exception e) when (EngineFaults.IsNotFound(e))
        {
            return null;
        }
    }

    private static async Task<(string WorkflowId, KeyRecord Record)?> BySearchAsync(HttpContext http, string merchant, string key)
    {
        var hash = PaymentIds.SearchHash(merchant, key);
        var filter = $"WorkflowType = '{PaymentWorkflow.TypeName}' AND {PaymentSearchAttributes.Keys.Name} = '{hash}' AND ExecutionStatus != 'ContinuedAsNew'";
        var page = await Client(http).ListWorkflowsPaginatedAsync(
            filter, null, new WorkflowListPaginatedOptions { PageSize = 10, Rpc = new() { CancellationToken = http.RequestAborted } }).ConfigureAwait(false);
        (string WorkflowId, KeyRecord Record)? newest = null;
        foreach (var workflow in page.Workflows)
        {
            IReadOnlyList<KeyRecord> records;
            try
            {
                records = await Client(http).GetWorkflowHandle(workflow.Id)
                    .QueryAsync<IReadOnlyList<KeyRecord>>(PaymentWorkflow.Records, [hash], Query(http)).ConfigureAwait(false);
            }
            catch (Exception e) when (EngineFaults.IsNotFound(e))
            {
                // Deleted since it was listed.
                continue;
            }
            if (records.Count > 0 && (newest is null || records[0].Created > newest.Value.Record.Created))
            {
                newest = (workflow.Id, records[0]);
            }
        }
        return newest;
    }

    private static void Write(Utf8JsonWriter json, string workflowId, KeyRecord record)
    {
        var updateId = PaymentIds.Update(record.Operation, record.KeyHash, record.Fingerprint);
        var invocation = new InvocationId(workflowId, updateId).ToString();
        json.WriteStartObject();
        json.WriteString("state", record.State);
        json.WriteString("operation", $"{PaymentHandler.ServiceName}/{workflowId.Split('/')[2]}/{record.Operation}");
        json.WriteString("keyHash", record.KeyHash);
        json.WriteString("fingerprint", record.Fingerprint);
        json.WriteString("created", PaymentBodies.Time(record.Created));
        json.WriteString("expires", PaymentBodies.Time(record.Expires));
        json.WriteString("invocationId", invocation);
        json.WriteString("workflowId", workflowId);
        json.WriteString("updateId", updateId);
        if (record.Outcome is { } outcome)
        {
            json.WriteNumber("statusCode", PaymentReplies.Of(outcome, invocation).FirstStatus);
        }
        else
        {
            json.WriteNull("statusCode");
        }
        json.WriteEndObject();
    }

    private static ITemporalClient Client(HttpContext http) => http.RequestServices.GetRequiredService<EngineLink>().Client;

    private static WorkflowQueryOptions Query(HttpContext http) => new()
    {
        Rpc = new()
        {
            Timeout = http.RequestServices.GetRequiredService<Microsoft.Extensions.Options.IOptions<LimitOptions>>().Value.QueryTimeout,
            CancellationToken = http.RequestAborted,
        },
    };
}
