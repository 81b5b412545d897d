using System.Runtime.InteropServices;

namespace Payments.Lab.Processes;

/// <summary>POSIX signals; on Windows there is only the end of the process.</summary>
internal static class Signals
{
    private const int Term = 15;
    private const int Stop = 19;
    private const int Continue = 18;

    public static void Terminate(int pid) => Send(pid, Term);

    /// <summary>Freezes the process where it is (SIGSTOP).</summary>
    public static void Pause(int pid) => Send(pid, OperatingSystem.IsMacOS() ? 17 : Stop);

    public static void Resume(int pid) => Send(pid, OperatingSystem.IsMacOS() ? 19 : Continue);

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
}
