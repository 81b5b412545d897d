using System.Diagnostics;

namespace Payments.Lab.Watch;

/// <summary>One row of <c>lab status</c>.</summary>
/// <param name="Pid">Null when it does not run; then the numbers are 0.</param>
public sealed record ProcessStatus(string Name, int? Pid, bool Ready, int Starts, string Address, double CpuSeconds, long MemoryBytes)
{
    public static ProcessStatus Of(string name, int? pid, bool ready, int starts, string address)
    {
        try
        {
            using var process = pid is { } running ? Process.GetProcessById(running) : null;
            return new(name, pid, ready, starts, address, process?.TotalProcessorTime.TotalSeconds ?? 0, process?.WorkingSet64 ?? 0);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // Gone since its number was read.
            return new(name, null, false, starts, address, 0, 0);
        }
    }
}
