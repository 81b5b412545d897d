namespace Payments.Lab;

/// <summary>The folder that holds the lab's state; one lab at a time has it.</summary>
public sealed class LabFolder : IDisposable
{
    /// <summary>What the lab makes in it. Nothing else is ever removed.</summary>
    private static readonly string[] Own = ["server", "gateway", "logs", "lab.json", "payments.csv"];

    private readonly FileStream held;

    private LabFolder(string path, FileStream held)
    {
        Root = path;
        this.held = held;
    }

    public string Root { get; }

    public string Logs => Path.Combine(Root, "logs");

    /// <summary>A lab has it now.</summary>
    public static bool IsHeld(string path)
    {
        var file = LockOf(Path.GetFullPath(path));
        if (!File.Exists(file))
        {
            return false;
        }
        try
        {
            Hold(file).Dispose();
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <exception cref="LabException">Another lab has it.</exception>
    public static LabFolder Open(string path, bool clean)
    {
        var root = Path.GetFullPath(path);
        Directory.CreateDirectory(root);
        FileStream held;
        try
        {
            held = Hold(LockOf(root));
        }
        catch (IOException e)
        {
            throw new LabException($"Another lab is running on {root}. Stop it first, or name another folder with --data DIR.", e);
        }
        var folder = new LabFolder(root, held);
        if (clean)
        {
            folder.Clean();
        }
        Directory.CreateDirectory(folder.Logs);
        Directory.CreateDirectory(Path.Combine(root, "server"));
        Directory.CreateDirectory(Path.Combine(root, "gateway"));
        return folder;
    }

    public void Clean()
    {
        foreach (var name in Own)
        {
            var path = Path.Combine(Root, name);
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
            else
            {
                File.Delete(path);
            }
        }
    }

    public void Dispose() => held.Dispose();

    private static string LockOf(string root) => Path.Combine(root, "lock");

    private static FileStream Hold(string file) => new(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
}
