using System.Runtime.InteropServices;

namespace Payments.Lab.Processes;

/// <summary>POSIX signals; on Windows there is only the end of the process.</summary>
internal static class Signals
{
    private const int Interrupt = 2;
    private const int Term = 15;
    private const int Stop = 19;
    private const int Continue = 18;

    public static void Terminate(int pid) => Send(pid, Term);

    /// <summary>
    /// Undoes that SIGINT is ignored, as a script's background job has it (<c>… &amp;</c>) and .NET leaves it; to be called before anything handles signals.
    /// Does nothing on Windows.
    /// </summary>
    public static void HeedInterrupt()
    {
        if (!OperatingSystem.IsWindows())
        {
            // Handler 0 is SIG_DFL.
            _ = SetHandler(Interrupt, 0);
        }
    }

    /// <summary>
    /// A Ctrl-C goes to the whole process group that the terminal shows; this process is not in it from here on. Does nothing on Windows.
    /// </summary>
    public static void LeaveGroup()
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = SetGroup(0, 0);
        }
    }

    /// <summary>Freezes the process where it is (SIGSTOP), and returns when it is frozen: on a busy machine it runs on for a while after the signal.</summary>
    public static async Task PauseAsync(int pid, CancellationToken cancellation)
    {
        Send(pid, OperatingSystem.IsMacOS() ? 17 : Stop);
        using var turn = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (!IsFrozen(pid))
        {
            await turn.WaitForNextTickAsync(cancellation).ConfigureAwait(false);
        }
    }

    public static void Resume(int pid) => Send(pid, OperatingSystem.IsMacOS() ? 19 : Continue);

    // The state is the first letter after the name, which is in brackets and may hold anything. Without /proc nobody tells, and the signal has to do.
    private static bool IsFrozen(int pid)
    {
        var threads = new DirectoryInfo($"/proc/{pid}/task");
        try
        {
            return !threads.Exists || threads.EnumerateDirectories().All(thread =>
            {
                var stat = File.ReadAllText(Path.Combine(thread.FullName, "stat"));
                return stat[(stat.LastIndexOf(')') + 2)..] is ['T' or 't' or 'Z' or 'X', ..];
            });
        }
        catch (IOException)
        {
            // A thread ended while it was looked at.
            return false;
        }
    }

    private static void Send(int pid, int signal)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("Signals need a POSIX system.");
        }
        // A failure means that the process is gone already, which is what a signal would be for.
        _ = Kill(pid, signal);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);

    [DllImport("libc", EntryPoint = "signal")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint SetHandler(int signal, nint handler);

    [DllImport("libc", EntryPoint = "setpgid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetGroup(int pid, int group);
}
