using Payments.Lab.Processes;

/// <summary>
/// Loaded into each child by <c>DOTNET_STARTUP_HOOKS</c>: the lab holds the other end of the child's standard input, so when the lab is gone, however it
/// went, the child reads the end of its input and goes too. And the lab alone hears Ctrl-C: it stops its children in the order that suits their callers.
/// Asks nothing of the children. The runtime wants this very name, outside any namespace.
/// </summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        Signals.LeaveGroup();
        var watch = new Thread(static () =>
        {
            using var input = Console.OpenStandardInput();
            var nothing = new byte[16];
            while (input.Read(nothing) > 0)
            {
                // Nobody writes; whatever comes is not the end.
            }
            Environment.Exit(130);
        })
        { IsBackground = true, Name = "lab leash" };
        watch.Start();
    }
}
