using System.Runtime.InteropServices;

namespace Durable.Server.Host;

internal static partial class Signals
{
    private const int SigInt = 2;

    /// <summary>Undoes that the signal is ignored; to be called before a handler is registered. Does nothing on Windows.</summary>
    public static void Heed(PosixSignal signal)
    {
        if (signal == PosixSignal.SIGINT && !OperatingSystem.IsWindows())
        {
            _ = SetHandler(SigInt, handler: 0);
        }
    }

    // Handler 0 is SIG_DFL.
    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int number, nint handler);
}
