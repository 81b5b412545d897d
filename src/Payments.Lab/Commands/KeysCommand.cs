using System.CommandLine;
using System.Globalization;
using Payments.Workflows;
using Spectre.Console;
using Temporalio.Client;

namespace Payments.Lab.Commands;

/// <summary>Keys in flight: payments and refunds without an outcome, with the hashes of the keys that wait for it. Read from the engine's visibility.</summary>
internal static class KeysCommand
{
    private const string Payments = $"PaymentStatus IN ('{PaymentStatuses.Processing}', '{PaymentStatuses.PendingReconciliation}') AND ExecutionStatus = 'Running'";
    private const string Refunds = $"WorkflowType = '{RefundWorkflow.TypeName}' AND ExecutionStatus = 'Running'";

    public static async Task<int> RunAsync(LabOptions options, ParseResult parsed, CancellationToken cancellation)
    {
        await using var lab = LabSession.Attach(options);
        var client = await TemporalClient.ConnectAsync(new(lab.Addresses.ServerGrpc));
        var table = new Table().AddColumns("in flight", "status", "since (UTC)", "key hashes");
        foreach (var filter in new[] { Payments, Refunds })
        {
            await foreach (var workflow in client.ListWorkflowsAsync(filter, new WorkflowListOptions { Rpc = new() { CancellationToken = cancellation } }))
            {
                var shown = workflow.TypedSearchAttributes;
                table.AddRow(
                    Markup.Escape(workflow.Id),
                    filter == Refunds ? "refunding" : shown.Get(PaymentSearchAttributes.Status),
                    workflow.StartTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture),
                    filter == Refunds ? workflow.Id.Split('/')[^1] : shown.TryGetValue(PaymentSearchAttributes.Keys, out var keys) ? string.Join(' ', keys) : "");
            }
        }
        AnsiConsole.MarkupLineInterpolated($"{table.Rows.Count} in flight.");
        if (table.Rows.Count > 0)
        {
            AnsiConsole.Write(table);
        }
        return 0;
    }
}
