using System.Text.Json;
using Microsoft.Extensions.Options;
using Payments.Workflows;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;

namespace Payments.Ingress;

/// <summary>Statistics, and, in the lab, the broom.</summary>
public static class AdminEndpoints
{
    public static void MapAdmin(this IEndpointRouteBuilder app, bool lab)
    {
        app.MapGet("/payments/stats", (HttpContext http) => StatisticsAsync(http, http.RequestServices.GetRequiredService<Merchants>().Of(http)));
        app.MapGet("/admin/stats", (HttpContext http) =>
        {
            // With authentication on nobody sees another merchant's numbers.
            var merchant = http.RequestServices.GetRequiredService<Merchants>().Of(http);
            return StatisticsAsync(http, http.RequestServices.GetRequiredService<IOptions<AuthOptions>>().Value.IsOn ? merchant : null);
        });
        if (lab)
        {
            app.MapDelete("/payments", (HttpContext http) => ClearAsync(http));
        }
        else
        {
            // Not 405: outside the lab there is no such thing.
            app.MapDelete("/payments", (HttpContext _) => throw new ProblemException(new(ProblemType.NotFound, "There is nothing at this address.")));
        }
    }

    private static async Task StatisticsAsync(HttpContext http, string? merchant)
    {
        Statistics statistics;
        try
        {
            statistics = await http.RequestServices.GetRequiredService<PaymentStatistics>().ReadAsync(merchant, http.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception e) when (!http.RequestAborted.IsCancellationRequested && EngineFaults.ToProblem(e) is { } problem)
        {
            throw new ProblemException(problem);
        }
        await http.WriteJsonAsync(json => Write(json, statistics)).ConfigureAwait(false);
    }

    private static void Write(Utf8JsonWriter json, Statistics statistics)
    {
        json.WriteStartObject();
        json.WriteString("asOf", PaymentBodies.Time(statistics.AsOf));
        json.WriteNumber("count", statistics.ByStatus.Values.Sum());
        json.WriteStartObject("byStatus");
        foreach (var status in PaymentStatuses.Listed)
        {
            json.WriteNumber(status, statistics.ByStatus.GetValueOrDefault(status));
        }
        json.WriteEndObject();
        json.WriteStartArray("byCurrency");
        foreach (var (currency, captured) in statistics.Captured.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            var refunded = statistics.Refunded.GetValueOrDefault(currency);
            json.WriteStartObject();
            json.WriteString("currency", currency);
            json.WriteNumber("count", captured.Count);
            json.WriteNumber("captured", captured.Sum);
            json.WriteNumber("refunds", refunded.Count);
            json.WriteNumber("refunded", refunded.Sum);
            json.WriteNumber("net", captured.Sum - refunded.Sum);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Terminates and deletes every payment and refund and clears the gateway's ledger, so that the same key charges anew.</summary>
    private static async Task ClearAsync(HttpContext http)
    {
        var client = http.RequestServices.GetRequiredService<EngineLink>().Client;
        var rpc = new RpcOptions { CancellationToken = http.RequestAborted };
        var count = 0;
        try
        {
            var filter = $"WorkflowType IN ('{PaymentWorkflow.TypeName}', '{RefundWorkflow.TypeName}')";
            var all = new List<WorkflowExecution>();
            await foreach (var workflow in client.ListWorkflowsAsync(filter, new WorkflowListOptions { Rpc = rpc }).ConfigureAwait(false))
            {
                all.Add(workflow);
            }
            await Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = http.RequestAborted }, async (workflow, _) =>
            {
                await RemoveAsync(client, workflow, rpc).ConfigureAwait(false);
                Interlocked.Increment(ref count);
            }).ConfigureAwait(false);
            await http.RequestServices.GetRequiredService<GatewayBroom>().ClearAsync(http.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception e) when (!http.RequestAborted.IsCancellationRequested && (EngineFaults.ToProblem(e) is not null || e is HttpRequestException))
        {
            throw new ProblemException(EngineFaults.ToProblem(e) ?? new(ProblemType.EngineUnavailable, "The gateway is out of reach; its ledger is not cleared."));
        }
        http.RequestServices.GetRequiredService<OutcomeCache>().Clear();
        http.RequestServices.GetRequiredService<SubmittedRecently>().Clear();
        await http.RequestServices.GetRequiredService<PaymentStatistics>().ForgetAsync(http.RequestAborted).ConfigureAwait(false);
        await http.WriteJsonAsync(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("deleted", count);
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }

    private static async Task RemoveAsync(ITemporalClient client, WorkflowExecution workflow, RpcOptions rpc)
    {
        try
        {
            if (workflow.Status == WorkflowExecutionStatus.Running)
            {
                await client.GetWorkflowHandle(workflow.Id, workflow.RunId).TerminateAsync("the lab is cleared", new WorkflowTerminateOptions { Rpc = rpc }).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (EngineFaults.IsNotFound(e))
        {
            // It closed by itself in the meantime.
        }
        try
        {
            await client.WorkflowService.DeleteWorkflowExecutionAsync(
                new DeleteWorkflowExecutionRequest
                {
                    Namespace = client.Options.Namespace,
                    WorkflowExecution = new() { WorkflowId = workflow.Id, RunId = workflow.RunId },
                },
                rpc).ConfigureAwait(false);
        }
        catch (Exception e) when (EngineFaults.IsNotFound(e))
        {
            // Someone else swept too.
        }
    }
}
