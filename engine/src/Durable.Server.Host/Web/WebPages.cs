using System.Net;
using System.Text;
using Durable.Protocol;
using Durable.Protocol.InProcess;
using Google.Protobuf;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Host.Web;

/// <summary>Plain pages at Temporal's web paths: the list of executions, and one execution with its events. Read-only.</summary>
internal static class WebPages
{
    public static WebApplication Build(ServerHostOptions options, int port, DurableServer server)
    {
        var builder = WebApplication.CreateSlimBuilder();
        ServerHost.ConfigureLogging(builder.Logging, options);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Parse(options.UiIp ?? options.Ip), port));
        var app = builder.Build();
        var transport = new InProcessTransport(server.Router);
        app.MapGet("/", static () => Results.Redirect("/namespaces/default/workflows"));
        app.MapGet("/health", static () => Results.Text("ok"));
        app.MapGet("/health/ready", static () => Results.Text("ok"));
        app.MapGet("/namespaces/{ns}/workflows", (string ns, string? query, HttpContext context) => PageAsync(() => ListAsync(transport, ns, query ?? "", context.RequestAborted)));
        app.MapGet("/namespaces/{ns}/workflows/{id}/{run}/history", (string ns, string id, string run, HttpContext context) =>
            PageAsync(() => HistoryAsync(transport, ns, id, run, context.RequestAborted)));
        app.MapGet("/namespaces/{ns}/workflows/{id}/{run}", (string ns, string id, string run) =>
            Results.Redirect($"/namespaces/{Uri.EscapeDataString(ns)}/workflows/{Uri.EscapeDataString(id)}/{Uri.EscapeDataString(run)}/history"));
        return app;
    }

    private static async Task<IResult> PageAsync(Func<Task<string>> body)
    {
        try
        {
            return Html(await body().ConfigureAwait(false), 200);
        }
        catch (RpcFaultException fault)
        {
            return Html($"<h1>{WebUtility.HtmlEncode(fault.Message)}</h1>", fault.Code == RpcStatusCode.NotFound ? 404 : 400);
        }
    }

    private static IResult Html(string body, int status) => Results.Content(
        $$"""
        <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Workflows</title>
        <style>body{font:14px system-ui;margin:2rem}table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ddd;padding:.3rem .6rem;text-align:left;vertical-align:top}pre{white-space:pre-wrap;margin:0;max-width:60rem}</style>
        </head><body>{{body}}</body></html>
        """,
        "text/html; charset=utf-8",
        Encoding.UTF8,
        status);

    private static async Task<string> ListAsync(RpcTransport transport, string ns, string query, CancellationToken cancellationToken)
    {
        var page = await transport.CallAsync(
            WorkflowServiceMethods.ListWorkflowExecutions, new ListWorkflowExecutionsRequest { Namespace = ns, Query = query, PageSize = 200 }, default, cancellationToken).ConfigureAwait(false);
        var rows = new StringBuilder();
        foreach (var info in page.Executions)
        {
            var path = $"/namespaces/{Uri.EscapeDataString(ns)}/workflows/{Uri.EscapeDataString(info.Execution.WorkflowId)}/{Uri.EscapeDataString(info.Execution.RunId)}/history";
            rows.Append($"<tr><td>{info.Status}</td><td><a href=\"{WebUtility.HtmlEncode(path)}\">{WebUtility.HtmlEncode(info.Execution.WorkflowId)}</a></td>")
                .Append($"<td>{WebUtility.HtmlEncode(info.Type.Name)}</td><td>{info.StartTime.ToDateTimeOffset():u}</td><td>{info.CloseTime?.ToDateTimeOffset():u}</td></tr>");
        }
        return $"""
            <h1>Workflows of {WebUtility.HtmlEncode(ns)}</h1>
            <form><input name="query" size="80" value="{WebUtility.HtmlEncode(query)}" placeholder="WorkflowType = &quot;OrderWorkflow&quot;"> <button>Search</button></form>
            <table><tr><th>Status</th><th>Workflow ID</th><th>Type</th><th>Start</th><th>End</th></tr>{rows}</table>
            """;
    }

    private static async Task<string> HistoryAsync(RpcTransport transport, string ns, string id, string run, CancellationToken cancellationToken)
    {
        var rows = new StringBuilder();
        var request = new GetWorkflowExecutionHistoryRequest { Namespace = ns, Execution = new() { WorkflowId = id, RunId = run } };
        do
        {
            var page = await transport.CallAsync(WorkflowServiceMethods.GetWorkflowExecutionHistory, request, default, cancellationToken).ConfigureAwait(false);
            foreach (var e in page.History.Events)
            {
                rows.Append($"<tr><td>{e.EventId}</td><td>{e.EventTime.ToDateTimeOffset():O}</td><td>{e.EventType}</td><td><pre>{WebUtility.HtmlEncode(JsonFormatter.Default.Format(e))}</pre></td></tr>");
            }
            request.NextPageToken = page.NextPageToken;
        }
        while (!request.NextPageToken.IsEmpty);
        return $"<h1>{WebUtility.HtmlEncode(id)}</h1><p>Run {WebUtility.HtmlEncode(run)}</p><table><tr><th>Id</th><th>Time</th><th>Event</th><th>Attributes</th></tr>{rows}</table>";
    }
}
