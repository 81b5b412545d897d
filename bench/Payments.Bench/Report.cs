using System.Globalization;
using Payments.Lab.Traffic;

namespace Payments.Bench;

/// <summary>The lines that the bench prints.</summary>
internal static class Report
{
    /// <summary>Column and the server's counter behind it.</summary>
    private static readonly (string Column, string Counter)[] Counts =
        [("rpcs", "service_requests_total"), ("writes", "persistence_latency_seconds_count"), ("commits", "persistence_commits_total")];

    private static readonly string[] Processes = ["server", "worker", "ingress", "gateway", "bench"];

    public static void Head() => Console.WriteLine(
        $"\n{"what",-8} {"callers",7} {"/s",8} {"p50 ms",8} {"p95 ms",8} {"p99 ms",8} {"failed",6}  | per call, ms of processor time: {string.Join(' ', Processes.Select(name => $"{name,8}"))}  | "
        + string.Join(' ', Counts.Select(count => $"{count.Column,7}")));

    public static void Row(string what, LoadResult result, Snapshot before, Snapshot after)
    {
        var calls = Math.Max(1, result.Calls - result.Failed);
        Line($"{what,-8} {result.Callers,7} {result.PerSecond,8:0} {result.P50,8:0.0} {result.P95,8:0.0} {result.P99,8:0.0} {result.Failed,6}  | {"",32}"
            + string.Join(' ', Processes.Select(name => Text($"{after.ProcessorMsSince(before, name) / calls,8:0.000}"))) + "  | "
            + string.Join(' ', Counts.Select(count => after.CountSince(before, count.Counter) is { } sum ? Text($"{sum / calls,7:0.00}") : $"{"-",7}")));
    }

    public static void Line(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    public static void Line(string line) => Console.WriteLine(line);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
