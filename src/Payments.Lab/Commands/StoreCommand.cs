using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace Payments.Lab.Commands;

/// <summary>Looks into what is kept: files on disk, payments by status, the newest payments, and the gateway's ledger.</summary>
internal static class StoreCommand
{
    private const int Newest = 10;

    public static async Task<int> RunAsync(LabOptions options, ParseResult parsed, CancellationToken cancellation)
    {
        await using var lab = LabSession.Attach(options);
        var root = Path.GetFullPath(options.Data);
        var files = new Table().AddColumns("file", "KiB");
        foreach (var file in new DirectoryInfo(root).EnumerateFiles("*", SearchOption.AllDirectories).Where(file => file.Directory!.Name is "server" or "gateway"))
        {
            files.AddRow(Path.GetRelativePath(root, file.FullName), Text(file.Length / 1024));
        }
        AnsiConsole.Write(files);

        var stats = await JsonAsync(lab.Addresses.Ingress + "/admin/stats");
        var ledger = await JsonAsync(lab.Addresses.Gateway + "/stats");
        var counts = new Table().AddColumns("the service says", "payments");
        foreach (var (status, count) in stats["byStatus"]!.AsObject())
        {
            counts.AddRow(status, Text(count!.GetValue<long>()));
        }
        AnsiConsole.Write(counts);
        AnsiConsole.MarkupLineInterpolated($"The gateway's ledger says: {ledger["charges"]} charges, {ledger["refunds"]} refunds, {ledger["attempts"]} attempts.");

        var payments = new Table().AddColumns("payment", "status", "amount", "transaction");
        foreach (var payment in (await JsonAsync($"{lab.Addresses.Ingress}/payments?limit={Newest}"))["payments"]!.AsArray())
        {
            payments.AddRow(Markup.Escape($"{payment!["id"]}"), $"{payment["status"]}", $"{payment["amount"]} {payment["currency"]}", $"{payment["transactionId"]}");
        }
        AnsiConsole.Write(payments);
        Console.WriteLine($"Histories, event by event: {lab.Addresses.ServerWeb}");
        return 0;

        async Task<JsonNode> JsonAsync(string address) => (await lab.Http.GetFromJsonAsync<JsonNode>(address, cancellation))!;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
