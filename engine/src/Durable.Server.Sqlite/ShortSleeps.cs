using System.Runtime.InteropServices;

namespace Durable.Server.Sqlite;

/// <summary>
/// SQLite's default operating system layer (VFS), with sleeps as short as they are asked for. The library of the package is built without
/// <c>usleep</c>, so each sleep is rounded up to a whole second. SQLite sleeps for microseconds when the threads of this process meet at the head of
/// the write-ahead log; on a busy machine that happens to the writer too, and every call in flight would wait that second with it.
/// </summary>
internal static class ShortSleeps
{
    private const string Library = "e_sqlite3";

    // Rooted for the life of the process: SQLite keeps the pointer.
    private static readonly SleepFunction Sleep = SleepFor;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int SleepFunction(nint vfs, int microseconds);

    /// <summary>To be called once, before the first connection is opened: a connection keeps the layer that it was opened with.</summary>
    public static void Install()
    {
        if (OperatingSystem.IsWindows())
        {
            // Its layer sleeps by the millisecond.
            return;
        }
        var vfs = Marshal.PtrToStructure<Vfs>(sqlite3_vfs_find(0));
        vfs.Next = 0;
        vfs.Name = Marshal.StringToCoTaskMemUTF8("durable");
        vfs.Sleep = Marshal.GetFunctionPointerForDelegate(Sleep);
        // Never freed: registered until the process ends.
        var copy = Marshal.AllocCoTaskMem(Marshal.SizeOf<Vfs>());
        Marshal.StructureToPtr(vfs, copy, fDeleteOld: false);
        _ = sqlite3_vfs_register(copy, makeDefault: 1);
    }

    private static int SleepFor(nint vfs, int microseconds)
    {
        Thread.Sleep((int)((microseconds + 999L) / 1000));
        return microseconds;
    }

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    private static extern nint sqlite3_vfs_find(nint name);

    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
    private static extern int sqlite3_vfs_register(nint vfs, int makeDefault);

    /// <summary><c>sqlite3_vfs</c> of SQLite's header, version 3.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Vfs
    {
        public int Version;
        public int FileSize;
        public int MaximumPath;
        public nint Next;
        public nint Name;
        public nint AppData;
        public nint Open;
        public nint Delete;
        public nint Access;
        public nint FullPathname;
        public nint DlOpen;
        public nint DlError;
        public nint DlSym;
        public nint DlClose;
        public nint Randomness;
        public nint Sleep;
        public nint CurrentTime;
        public nint GetLastError;
        public nint CurrentTimeInt64;
        public nint SetSystemCall;
        public nint GetSystemCall;
        public nint NextSystemCall;
    }
}
