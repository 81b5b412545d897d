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
        // A lab that was killed could not take its file away, but the system took its lock.
        var path = Path.Combine(data, FileName);
        return File.Exists(path) && LabFolder.IsHeld(data) ? JsonSerializer.Deserialize<LabState>(File.ReadAllText(path), Json) : null;
    }
}
