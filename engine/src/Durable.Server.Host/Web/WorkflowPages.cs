using System.Net;
using System.Text;
using System.Text.Json;
using Durable.Protocol;
using Google.Protobuf;
using Temporalio.Api.Workflow.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Host.Web;

/// <summary>Plain pages at Temporal's web paths: the list of executions, and one execution with its events.</summary>
/// <param name="root">Before each link; empty at the root.</param>
internal sealed class WorkflowPages(RpcTransport transport, string root)
{
    private const int PageRows = 100;

    // Everything on a page is text of somebody's workflow: no script runs, whatever it says.
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void Map(WebApplication app)
    {
        app.MapGet("/", () => Results.Redirect($"{root}/namespaces/default/workflows"));
        app.MapGet("/namespaces/{ns}", (string ns) => Results.Redirect($"{root}/namespaces/{Part(ns)}/workflows"));
        app.MapGet("/namespaces/{ns}/workflows", (string ns, string? query, string? page, HttpContext context) =>
            PageAsync(context, () => ListAsync(ns, query ?? "", page, context.RequestAborted)));
        app.MapGet("/namespaces/{ns}/workflows/{id}", (string ns, string id, HttpContext context) =>
            RedirectAsync(context, ns, id));
        app.MapGet("/namespaces/{ns}/workflows/{id}/{run}", (string ns, string id, string run) => Results.Redirect(HistoryPath(ns, id, run)));
        app.MapGet("/namespaces/{ns}/workflows/{id}/{run}/history", (string ns, string id, string run, string? page, HttpContext context) =>
            PageAsync(context, () => HistoryAsync(ns, id, run, page, context.RequestAborted)));
    }

    private static async Task<IResult> PageAsync(HttpContext context, Func<Task<string>> body)
    {
        context.Response.Headers.ContentSecurityPolicy = Policy;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        try
        {
            return Html(await body().ConfigureAwait(false), StatusCodes.Status200OK);
        }
        catch (RpcFaultException fault)
        {
            return Html($"<h1>{Text(fault.Message)}</h1>", HttpApi.StatusOf(fault.Code));
        }
    }

    private async Task<IResult> RedirectAsync(HttpContext context, string ns, string id)
    {
        try
        {
            return Results.Redirect(HistoryPath(ns, id, (await DescribeAsync(ns, id, "", context.RequestAborted).ConfigureAwait(false)).WorkflowExecutionInfo.Execution.RunId));
        }
        catch (RpcFaultException fault)
        {
            return await PageAsync(context, () => throw fault).ConfigureAwait(false);
        }
    }

    private async Task<string> ListAsync(string ns, string query, string? page, CancellationToken cancellationToken)
    {
        var request = new ListWorkflowExecutionsRequest { Namespace = ns, Query = query, PageSize = PageRows, NextPageToken = HttpApi.Token(page) };
        var found = await transport.CallAsync(WorkflowServiceMethods.ListWorkflowExecutions, request, default, cancellationToken).ConfigureAwait(false);
        var rows = new StringBuilder();
        foreach (var info in found.Executions)
        {
            rows.Append($"<tr><td>{info.Status}</td><td><a href=\"{Text(HistoryPath(ns, info.Execution.WorkflowId, info.Execution.RunId))}\">{Text(info.Execution.WorkflowId)}</a></td>")
                .Append($"<td>{Text(info.Execution.RunId)}</td><td>{Text(info.Type.Name)}</td><td>{Time(info.StartTime)}</td><td>{Time(info.CloseTime)}</td></tr>");
        }
        return $"""
            <h1>Workflows in {Text(ns)}</h1>
            <form method="get"><input name="query" size="90" value="{Text(query)}" placeholder="WorkflowType = &quot;OrderWorkflow&quot; AND ExecutionStatus = &quot;Running&quot;"> <button>Search</button></form>
            <table><tr><th>Status</th><th>Workflow ID</th><th>Run ID</th><th>Type</th><th>Start</th><th>End</th></tr>{rows}</table>
            {Next($"{root}/namespaces/{Part(ns)}/workflows?query={Part(query)}&", found.NextPageToken)}
            """;
    }

    private async Task<string> HistoryAsync(string ns, string id, string run, string? page, CancellationToken cancellationToken)
    {
        var described = await DescribeAsync(ns, id, run, cancellationToken).ConfigureAwait(false);
        var request = new GetWorkflowExecutionHistoryRequest
        {
            Namespace = ns, Execution = new() { WorkflowId = id, RunId = run }, MaximumPageSize = PageRows, NextPageToken = HttpApi.Token(page),
        };
        var history = await transport.CallAsync(WorkflowServiceMethods.GetWorkflowExecutionHistory, request, default, cancellationToken).ConfigureAwait(false);
        var rows = new StringBuilder();
        foreach (var e in history.History.Events)
        {
            rows.Append($"<tr><td>{e.EventId}</td><td>{e.EventTime.ToDateTimeOffset():O}</td><td>{e.EventType}</td><td><pre>{Text(Json(e))}</pre></td></tr>");
        }
        return $"""
            <p><a href="{Text($"{root}/namespaces/{Part(ns)}/workflows")}">Workflows in {Text(ns)}</a></p>
            <h1>{Text(id)}</h1>
            {Facts(described.WorkflowExecutionInfo)}
            {Pending(described)}
            <table><tr><th>Id</th><th>Time</th><th>Event</th><th>Attributes</th></tr>{rows}</table>
            {Next(HistoryPath(ns, id, run) + "?", history.NextPageToken)}
            """;
    }

    private static string Facts(WorkflowExecutionInfo info) =>
        $"<p>{info.Status}, type {Text(info.Type.Name)}, run {Text(info.Execution.RunId)}, task queue {Text(info.TaskQueue)}, started {Time(info.StartTime)}" +
        $"{(info.CloseTime is null ? "" : $", ended {Time(info.CloseTime)}")}, {info.HistoryLength} events, {info.HistorySizeBytes} bytes</p>";

    private static string Pending(DescribeWorkflowExecutionResponse described)
    {
        var items = described.PendingActivities.Select(static activity => $"activity {activity.ActivityId} ({activity.ActivityType.Name}), attempt {activity.Attempt}: {activity.State}")
            .Concat(described.PendingChildren.Select(static child => $"child {child.WorkflowId} ({child.WorkflowTypeName})"))
            .Select(static item => $"<li>{Text(item)}</li>").ToArray();
        return items.Length == 0 ? "" : $"<h2>Pending</h2><ul>{string.Concat(items)}</ul>";
    }

    private Task<DescribeWorkflowExecutionResponse> DescribeAsync(string ns, string id, string run, CancellationToken cancellationToken) => transport.CallAsync(
        WorkflowServiceMethods.DescribeWorkflowExecution,
        new DescribeWorkflowExecutionRequest { Namespace = ns, Execution = new() { WorkflowId = id, RunId = run } },
        default,
        cancellationToken);

    private static string Json(IMessage message) =>
        JsonSerializer.Serialize(JsonDocument.Parse(JsonFormatter.Default.Format(message)).RootElement, Indented);

    private static string Next(string path, ByteString token) =>
        token.IsEmpty ? "" : $"<p><a href=\"{Text($"{path}page={Part(token.ToBase64())}")}\">Next page</a></p>";

    private string HistoryPath(string ns, string id, string run) => $"{root}/namespaces/{Part(ns)}/workflows/{Part(id)}/{Part(run)}/history";

    private static string Part(string text) => Uri.EscapeDataString(text);

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Time(Google.Protobuf.WellKnownTypes.Timestamp? time) => time is null ? "" : $"{time.ToDateTimeOffset():u}";

    private static IResult Html(string body, int status) => Results.Content(
        $$"""
        <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Workflows</title>
        <style>body{font:14px system-ui;margin:2rem}table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ddd;padding:.3rem .6rem;text-align:left;vertical-align:top}pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:0;max-width:60rem}</style>
        </head><body>{{body}}</body></html>
        """,
        "text/html; charset=utf-8",
        Encoding.UTF8,
        status);
}
