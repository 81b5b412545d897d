using System.Diagnostics;
using System.Text.Json;
using Durable.Server.Host;
using Temporalio.Common;

namespace Interop.Tests;

/// <summary>
/// The recorded workflows of the SDK's tests, run by the program <c>Interop.Golden</c> built with Temporal's own .NET SDK, and by the one with this repository's; each on a
/// server of its own. Then every history that came of it, replayed with both.
/// </summary>
public sealed class GoldenPrograms : IAsyncLifetime
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private static readonly string[] SearchAttributes =
    [
        "GoldenKeyword=Keyword", "GoldenText=Text", "GoldenInt=Int", "GoldenDouble=Double", "GoldenBool=Bool", "GoldenDatetime=Datetime", "GoldenKeywordList=KeywordList",
    ];

    private readonly string folder = Directory.CreateTempSubdirectory("golden-").FullName;

    /// <summary>Why nothing ran; null when it did.</summary>
    public string? Absent { get; private set; }

    public GoldenHistories Official { get; private set; } = null!;

    public GoldenHistories Ours { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var root = Root();
        var artifacts = Path.Combine(root, "artifacts", "official");
        Absent = await BuildAsync(root, artifacts);
        if (Absent is not null)
        {
            return;
        }
        var official = Path.Combine(artifacts, "bin", "Interop.Golden", "debug", "Interop.Golden.dll");
        var ours = Path.Combine(AppContext.BaseDirectory, "Interop.Golden.dll");
        Official = await RunAsync(official, "by-official", official, ours);
        Ours = await RunAsync(ours, "by-ours", official, ours);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task<GoldenHistories> RunAsync(string program, string name, string official, string ours)
    {
        var histories = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        await using (var host = await ServerHost.StartAsync(new ServerHostOptions
        {
            Port = 0, Headless = true, SearchAttributes = SearchAttributes, LogLevel = Microsoft.Extensions.Logging.LogLevel.Error,
        }))
        {
            await StartAsync(program, "run", $"127.0.0.1:{host.Port}", histories);
        }
        var outcomes = Read(Path.Combine(histories, "outcomes.json"));
        return new GoldenHistories(
            outcomes,
            outcomes.Keys.ToDictionary(static file => file, file => WorkflowHistory.FromJson(file, File.ReadAllText(Path.Combine(histories, file))), StringComparer.Ordinal),
            await ReplayAsync(official, histories, name + "-with-official.json"),
            await ReplayAsync(ours, histories, name + "-with-ours.json"),
            await EnvironmentsAsync(program, name + "-environments.json"));
    }

    private async Task<IReadOnlyDictionary<string, string>> EnvironmentsAsync(string program, string results)
    {
        var file = Path.Combine(folder, results);
        await StartAsync(program, "environments", Path.Combine(AppContext.BaseDirectory, "Durable.Server.Host"), file);
        return Read(file);
    }

    private async Task<IReadOnlyDictionary<string, string>> ReplayAsync(string program, string histories, string results)
    {
        var file = Path.Combine(folder, results);
        await StartAsync(program, "replay", histories, file);
        return Read(file);
    }

    private static Dictionary<string, string> Read(string file) => JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(file))!;

    /// <returns>Null when it was built; otherwise why the packages are not to be had.</returns>
    private static async Task<string?> BuildAsync(string root, string artifacts)
    {
        var (exitCode, said) = await EndAsync(
            root, "build", "tests/Interop.Golden", "-p:TemporalSdk=Official", "-p:ArtifactsPath=" + artifacts, "-nodeReuse:false", "--nologo", "-v:q");
        if (exitCode == 0)
        {
            return null;
        }
        // Not found, no such version, no source reached: that is the machine, everything else is this repository.
        return said.Contains("NU1101", StringComparison.Ordinal) || said.Contains("NU1102", StringComparison.Ordinal) || said.Contains("NU1301", StringComparison.Ordinal)
            ? "The packages of the official SDK cannot be restored here."
            : throw new InvalidOperationException(said);
    }

    private static async Task StartAsync(params string[] arguments)
    {
        var (exitCode, said) = await EndAsync(Root(), arguments);
        if (exitCode != 0)
        {
            throw new InvalidOperationException(said);
        }
    }

    private static async Task<(int ExitCode, string Said)> EndAsync(string workingDirectory, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet", arguments)
        {
            WorkingDirectory = workingDirectory, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
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
            await process.WaitForExitAsync();
        }
        return (process.ExitCode, await lines + await errors);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Payments.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("No folder above the tests has Payments.slnx.");
        }
        return folder.FullName;
    }
}

/// <summary>What one SDK made, by the names of the recorded histories.</summary>
/// <param name="Outcomes">The result or the failure, as JSON.</param>
/// <param name="WithOfficial">What the official replayer gives: the result as JSON, nothing, or the failure as text.</param>
/// <param name="WithOurs">The same of ours.</param>
/// <param name="Environments">What a workflow gives in each environment of the SDK, on the server's executable.</param>
public sealed record GoldenHistories(
    IReadOnlyDictionary<string, string> Outcomes,
    IReadOnlyDictionary<string, WorkflowHistory> Histories,
    IReadOnlyDictionary<string, string> WithOfficial,
    IReadOnlyDictionary<string, string> WithOurs,
    IReadOnlyDictionary<string, string> Environments);
