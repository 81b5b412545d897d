using System.Diagnostics;
using System.Globalization;
using Payments.Lab;

namespace Payments.Bench;

/// <summary>What everything has used until now; the difference of two is the price of what happened between them.</summary>
/// <param name="ProcessorMs">Processor time by process, this one as "bench".</param>
/// <param name="Counters">The server's counters from its <c>/metrics</c>, summed over their labels; empty when it has none.</param>
internal sealed record Snapshot(IReadOnlyDictionary<string, double> ProcessorMs, IReadOnlyDictionary<string, double> Counters)
{
    public static async Task<Snapshot> TakeAsync(RunningLab lab)
    {
        var times = new Dictionary<string, double>();
        foreach (var child in lab.Children)
        {
            using var process = Process.GetProcessById(child.Pid!.Value);
            times[child.Name] = process.TotalProcessorTime.TotalMilliseconds;
        }
        using var self = Process.GetCurrentProcess();
        times["bench"] = self.TotalProcessorTime.TotalMilliseconds;
        return new Snapshot(times, await ReadCountersAsync(lab));
    }

    public double ProcessorMsSince(Snapshot before, string process) => ProcessorMs[process] - before.ProcessorMs.GetValueOrDefault(process);

    /// <summary>Null: the server does not have that counter.</summary>
    public double? CountSince(Snapshot before, string counter) =>
        Counters.TryGetValue(counter, out var now) ? now - before.Counters.GetValueOrDefault(counter) : null;

    private static async Task<Dictionary<string, double>> ReadCountersAsync(RunningLab lab)
    {
        var counters = new Dictionary<string, double>(StringComparer.Ordinal);
        using var answer = await lab.Http.GetAsync(lab.Addresses.ServerWeb + "/metrics");
        if (!answer.IsSuccessStatusCode)
        {
            return counters;
        }
        foreach (var line in (await answer.Content.ReadAsStringAsync()).Split('\n'))
        {
            // name{label="value",…} number
            var end = line.IndexOf(' ', Math.Max(0, line.LastIndexOf('}')));
            if (line.StartsWith('#') || end < 0 || !double.TryParse(line[end..], CultureInfo.InvariantCulture, out var value))
            {
                continue;
            }
            var name = line[..(line.IndexOf('{') is >= 0 and var labels ? labels : end)];
            counters[name] = counters.GetValueOrDefault(name) + value;
        }
        return counters;
    }
}
