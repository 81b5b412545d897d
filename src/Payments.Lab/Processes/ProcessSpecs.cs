using System.Globalization;

namespace Payments.Lab.Processes;

/// <summary>The four processes as the lab starts them.</summary>
public static class ProcessSpecs
{
    public const string EnvironmentName = "Lab";

    public static IReadOnlyList<ProcessSpec> For(LabOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var ports = options.Ports;
        var data = Path.GetFullPath(options.Data);
        var engine = new Dictionary<string, string> { ["TEMPORAL_ADDRESS"] = $"127.0.0.1:{ports.Server}" };
        var payment = new Dictionary<string, string>(engine) { ["Gateway__BaseUrl"] = Url(ports.Gateway) };
        return
        [
            Make(ProcessNames.Server, "Durable.Server.Host", ports.ServerWeb, [],
                ["server", "start-dev", "--ip", "127.0.0.1", "--port", Text(ports.Server), "--ui-port", Text(ports.ServerWeb),
                    "--db-filename", Path.Combine(data, "server", "temporal.db")]),
            Make(ProcessNames.Gateway, "Payments.Gateway.Mock", ports.Gateway, [],
                ["--urls", Url(ports.Gateway), "--Gateway:Ledger", Path.Combine(data, "gateway", "ledger.log")]),
            Make(ProcessNames.Worker, "Payments.Worker", ports.Worker, payment, ["--urls", Url(ports.Worker), "--environment", EnvironmentName]),
            Make(ProcessNames.Ingress, "Payments.Ingress", ports.Ingress, payment, ["--urls", Url(ports.Ingress), "--environment", EnvironmentName]),
        ];

        ProcessSpec Make(string name, string project, int port, Dictionary<string, string> environment, string[] arguments)
        {
            // The caller's environment beats what the lab would say; what was asked for this one process beats both.
            var own = environment.Where(pair => Environment.GetEnvironmentVariable(pair.Key) is null).ToDictionary();
            // Four runtimes share the machine: the collector that takes a heap per core is for a machine of its own.
            own.TryAdd("DOTNET_gcServer", Environment.GetEnvironmentVariable("DOTNET_gcServer") ?? "0");
            foreach (var (variable, value) in options.Settings.GetValueOrDefault(name) ?? new Dictionary<string, string>())
            {
                own[variable] = value;
            }
            return new ProcessSpec(name, AssemblyOf(project), arguments, own, new Uri(Url(port) + "/health/ready"));
        }
    }

    public static string Url(int port) => $"http://127.0.0.1:{Text(port)}";

    /// <summary>The project's output of the build configuration that this code is from: <c>artifacts/bin/{project}/{configuration}</c>; published, beside it.</summary>
    private static string AssemblyOf(string project)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var beside = Path.Combine(here.FullName, $"{project}.dll");
        var built = here.Parent?.Parent is { } bin ? Path.Combine(bin.FullName, project, here.Name, $"{project}.dll") : beside;
        return File.Exists(built) ? built : beside;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
