using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Payments.Workflows;
using Temporalio.Client;
using Temporalio.Common;

namespace Payments.Ingress;

/// <summary>The collection: <c>/payments</c> in minor units and <c>/api/v1/payments</c> in exact decimals, both over the same objects.</summary>
public static class PaymentEndpoints
{
    public const int PageSizeDefault = 20;
    public const int PageSizeMax = 100;

    public static void MapPayments(this IEndpointRouteBuilder app, ServiceRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        var create = registry.Find(PaymentHandler.ServiceName, PaymentWorkflow.Create)!;
        foreach (var (path, shape) in new[] { ("/payments", Shape.MinorUnits), ("/api/v1/payments", Shape.Decimal) })
        {
            app.MapPost(path, (HttpContext http) => CreateAsync(http, create, path, shape));
            app.MapGet(path, (HttpContext http) => ListAsync(http, shape));
            app.MapGet(path + "/{id}", (HttpContext http) => GetAsync(http, shape));
        }
    }

    private static async Task CreateAsync(HttpContext http, IngressHandler create, string path, Shape shape)
    {
        var invocation = await http.RequestServices.GetRequiredService<InvocationFactory>().FromKeyAsync(http, create, shape).ConfigureAwait(false);
        http.Response.OnStarting(() =>
        {
            if (http.Response.StatusCode == StatusCodes.Status201Created)
            {
                http.Response.Headers.Location = $"{path}/{invocation.ObjectId}";
            }
            return Task.CompletedTask;
        });
        await http.RequestServices.GetRequiredService<InvocationRunner>().CallAsync(http, invocation).ConfigureAwait(false);
    }

    private static async Task GetAsync(HttpContext http, Shape shape)
    {
        var id = InvocationEndpoints.PathId(http);
        InvocationFactory.CheckObjectId(id);
        var merchant = http.RequestServices.GetRequiredService<Merchants>().Of(http);
        var payment = await http.RequestServices.GetRequiredService<StatusQuery>().FindAsync(merchant, id, http.RequestAborted).ConfigureAwait(false)
            ?? throw new ProblemException(new(ProblemType.NotFound, "There is no such payment."));
        await http.WriteJsonAsync(json => PaymentBodies.WriteStatus(json, payment, shape)).ConfigureAwait(false);
    }

    /// <summary>From visibility, so eventual on a cluster; newest first among those still open, then the closed ones.</summary>
    private static async Task ListAsync(HttpContext http, Shape shape)
    {
        var merchant = http.RequestServices.GetRequiredService<Merchants>().Of(http);
        var limit = PageSizeDefault;
        if (InvocationEndpoints.QueryOf(http, "limit") is { } limitText && (!int.TryParse(limitText, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > PageSizeMax))
        {
            throw new ProblemException(Problem.Field("limit", $"must be a number from 1 to {PageSizeMax}."));
        }
        byte[]? token = null;
        if (InvocationEndpoints.QueryOf(http, "pageToken") is { Length: > 0 } tokenText)
        {
            try
            {
                token = System.Buffers.Text.Base64Url.DecodeFromChars(tokenText);
            }
            catch (FormatException)
            {
                throw new ProblemException(Problem.Field("pageToken", "is not a token of this service."));
            }
        }
        var filter = $"WorkflowType = '{PaymentWorkflow.TypeName}' AND {PaymentSearchAttributes.Merchant.Name} = '{merchant}' AND ExecutionStatus != 'ContinuedAsNew'";
        if (InvocationEndpoints.QueryOf(http, "status") is { } status)
        {
            filter += PaymentStatuses.Listed.Contains(status)
                ? $" AND {PaymentSearchAttributes.Status.Name} = '{status}'"
                : throw new ProblemException(Problem.Field("status", $"must be one of {string.Join(", ", PaymentStatuses.Listed)}."));
        }
        WorkflowListPage page;
        try
        {
            page = await http.RequestServices.GetRequiredService<EngineLink>().Client.ListWorkflowsPaginatedAsync(
                filter, token, new WorkflowListPaginatedOptions { PageSize = limit, Rpc = new() { CancellationToken = http.RequestAborted } }).ConfigureAwait(false);
        }
        catch (Temporalio.Exceptions.RpcException e) when (token is not null && e.Code == Temporalio.Exceptions.RpcException.StatusCode.InvalidArgument)
        {
            throw new ProblemException(Problem.Field("pageToken", "is not a token of this service."));
        }
        catch (Exception e) when (!http.RequestAborted.IsCancellationRequested && EngineFaults.ToProblem(e) is { } problem)
        {
            throw new ProblemException(problem);
        }
        await http.WriteJsonAsync(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("payments");
            foreach (var workflow in page.Workflows)
            {
                WriteEntry(json, workflow, shape);
            }
            json.WriteEndArray();
            json.WriteString("nextPageToken", page.NextPageToken is { Length: > 0 } next ? System.Buffers.Text.Base64Url.EncodeToString(next) : null);
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }

    private static void WriteEntry(Utf8JsonWriter json, WorkflowExecution workflow, Shape shape)
    {
        var v1 = shape == Shape.Decimal;
        var attributes = workflow.TypedSearchAttributes;
        var currency = Text(attributes, PaymentSearchAttributes.Currency) ?? "";
        var id = Text(attributes, PaymentSearchAttributes.PaymentId);
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString(v1 ? "payment_id" : "paymentId", id);
        json.WriteString(v1 ? "transaction_id" : "transactionId", Text(attributes, PaymentSearchAttributes.TransactionId));
        json.WriteString("status", Text(attributes, PaymentSearchAttributes.Status));
        PaymentBodies.Amount(json, "amount", attributes.TryGetValue(PaymentSearchAttributes.Amount, out var amount) ? amount : 0, currency, shape);
        json.WriteString("currency", currency);
        PaymentBodies.Amount(
            json, v1 ? "refunded_amount" : "refundedAmount", attributes.TryGetValue(PaymentSearchAttributes.Refunded, out var refunded) ? refunded : 0, currency, shape);
        json.WriteString(v1 ? "created_at" : "createdAt", PaymentBodies.Time(new DateTimeOffset(workflow.StartTime, TimeSpan.Zero)));
        json.WriteString(
            v1 ? "processed_at" : "processedAt", attributes.TryGetValue(PaymentSearchAttributes.SettledAt, out var at) ? PaymentBodies.Time(at) : null);
        json.WriteEndObject();
    }

    private static string? Text(SearchAttributeCollection attributes, SearchAttributeKey<string> key) => attributes.TryGetValue(key, out var value) ? value : null;
}
