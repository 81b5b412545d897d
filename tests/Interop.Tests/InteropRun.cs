using System.Diagnostics;
using System.Text.Json;
using Durable.Server.Host;

namespace Interop.Tests;

/// <summary>One run of all scenarios of tests/interop with the genuine TypeScript SDK, against a server of this process with a file.</summary>
public sealed class InteropRun : IAsyncLifetime
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(8);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly string folder = Directory.CreateTempSubdirectory("interop-").FullName;
    private readonly Dictionary<string, ScenarioResult> results = new(StringComparer.Ordinal);
    private string output = "";

    /// <summary>Why nothing ran; null when it did.</summary>
    public string? Absent { get; private set; }

    /// <summary>The scenarios that ran.</summary>
    public IEnumerable<string> Names => results.Keys;

    public ScenarioResult ResultOf(string scenario) =>
        results.TryGetValue(scenario, out var result) ? result : throw new InvalidOperationException($"no result of '{scenario}'; the run said:\n{output}");

    public async ValueTask InitializeAsync()
    {
        Absent = await NodeProcess.MissingAsync();
        if (Absent is not null)
        {
            return;
        }
        await using var host = await ServerHost.StartAsync(new ServerHostOptions
        {
            Port = 0,
            Headless = true,
            DatabaseFile = Path.Combine(folder, "server.db"),
            LogLevel = Microsoft.Extensions.Logging.LogLevel.Error,
        });
        var file = Path.Combine(folder, "results.json");
        using var node = NodeProcess.Start(
            "run.mjs", "--address", $"127.0.0.1:{host.Port}", "--executable", Path.Combine(AppContext.BaseDirectory, "Durable.Server.Host"), "--json", file);
        output = await EndAsync(node);
        if (File.Exists(file))
        {
            foreach (var result in JsonSerializer.Deserialize<ScenarioResult[]>(await File.ReadAllTextAsync(file), Json)!)
            {
                results[result.Name] = result;
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static async Task<string> EndAsync(Process process)
    {
        var lines = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var late = new CancellationTokenSource(Longest);
        try
        {
            await process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }
        return await lines + await errors;
    }
}

/// <param name="Verdict">ok, FAILED or skipped.</param>
/// <param name="Note">What went wrong, or why it was skipped.</param>
public sealed record ScenarioResult(string Name, string Verdict, string Note);
