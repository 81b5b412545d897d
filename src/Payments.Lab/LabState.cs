using System.Diagnostics;
using System.Text.Json;

namespace Payments.Lab;

/// <summary>What a running lab leaves in its folder, so that <c>status</c>, <c>restart</c> and the rest find it.</summary>
public sealed record LabState(int Pid, LabPorts Ports)
{
    public const string FileName = "lab.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public void Write(string root) => File.WriteAllText(Path.Combine(root, FileName), JsonSerializer.Serialize(this, Json));

    /// <returns>Null when no lab runs on the folder.</returns>
    public static LabState? Find(string data)
    {
        var path = Path.Combine(data, FileName);
        if (!File.Exists(path) || JsonSerializer.Deserialize<LabState>(File.ReadAllText(path), Json) is not { } state)
        {
            return null;
        }
        try
        {
            using var process = Process.GetProcessById(state.Pid);
            return process.HasExited ? null : state;
        }
        catch (ArgumentException)
        {
            // The lab was killed and could not take its file away.
            return null;
        }
    }
}
