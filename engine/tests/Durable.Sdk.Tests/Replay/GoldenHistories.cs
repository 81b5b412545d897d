using System.Text.Json;
using Temporalio.Common;

namespace Durable.Sdk.Tests.Replay;

/// <summary>
/// Histories that the official SDK recorded against a genuine server, with the workflows that made them: <c>Golden/</c> beside the project.
/// </summary>
internal static class GoldenHistories
{
    public static string Folder { get; } = FindFolder();

    public static IReadOnlyList<GoldenHistory> All { get; } = Read("index.json", Folder);

    public static IReadOnlyList<GoldenChange> Changes { get; } =
        JsonSerializer.Deserialize<List<GoldenChange>>(File.ReadAllText(Path.Combine(Folder, "histories", "nondeterministic", "index.json")), Json)!;

    private static JsonSerializerOptions Json => new() { PropertyNameCaseInsensitive = true };

    public static GoldenHistory Find(string file) => All.Single(history => history.File == file);

    public static Type TypeOf(string name) =>
        typeof(GoldenHistories).Assembly.GetType(name) ?? throw new InvalidOperationException($"No class {name} among the golden workflows");

    private static IReadOnlyList<GoldenHistory> Read(string file, string folder) =>
        JsonSerializer.Deserialize<List<GoldenHistory>>(File.ReadAllText(Path.Combine(folder, file)), Json)!;

    private static string FindFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Payments.slnx")))
        {
            folder = folder.Parent;
        }
        return Path.Combine(folder!.FullName, "engine", "tests", "Durable.Sdk.Tests", "Golden");
    }
}

/// <summary>A recorded run. <see cref="ReplayResult"/> is what the official replayer gives where that differs from the live run.</summary>
internal sealed record GoldenHistory(
    string File, string Class, string WorkflowId, string Status, string[]? Options, JsonElement? Result, JsonElement? ReplayResult)
{
    public bool HasOption(string name) => Options?.Contains(name) == true;

    public WorkflowHistory Load() => WorkflowHistory.FromJson(
        WorkflowId, System.IO.File.ReadAllText(Path.Combine(GoldenHistories.Folder, "histories", File)));
}

/// <summary>A history with other code, and what the official replayer says to that.</summary>
internal sealed record GoldenChange(string History, string Class, string? Exception, string? Message)
{
    public string File => Path.GetFileName(History);
}
