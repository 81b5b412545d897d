using System.Diagnostics;

namespace Durable.Server.Host.Tests;

public sealed class TempFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("durable-host-");

    public string File(string name) => Path.Combine(folder.FullName, name);

    public void Dispose() => folder.Delete(recursive: true);
}

internal static class Promtool
{
    /// <summary>Prometheus's own checker finds nothing wrong; skipped where it is not installed.</summary>
    public static async Task CheckAsync(string metrics)
    {
        Process? process = null;
        try
        {
            process = Process.Start(new ProcessStartInfo("promtool", ["check", "metrics"]) { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("promtool is not installed (Debian package prometheus)");
        }
        using (process)
        {
            await process!.StandardInput.WriteAsync(metrics);
            process.StandardInput.Close();
            var said = await process.StandardOutput.ReadToEndAsync() + await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            process.ExitCode.ShouldBe(0, said);
        }
    }

    public static async Task<string> GetAsync(this Uri root, string path)
    {
        using var http = new HttpClient { BaseAddress = root };
        return await http.GetStringAsync(path);
    }
}
