using Spectre.Console;

namespace Payments.Lab.Commands;

/// <summary>The lab that a command works with: the one that runs, or else one of its own that ends with the command.</summary>
internal sealed class LabSession : IAsyncDisposable
{
    private readonly RunningLab? own;

    private LabSession(LabAddresses addresses, RunningLab? own)
    {
        Addresses = addresses;
        this.own = own;
    }

    public LabAddresses Addresses { get; }

    public HttpClient Http { get; } = new(new SocketsHttpHandler { MaxConnectionsPerServer = 1024 }) { Timeout = TimeSpan.FromSeconds(90) };

    public static async Task<LabSession> OpenAsync(LabOptions options, CancellationToken cancellation)
    {
        if (LabState.Find(options.Data) is { } running)
        {
            return new LabSession(LabAddresses.For(running.Ports), null);
        }
        AnsiConsole.MarkupLine("No lab is running: starting one for this command ...");
        return await StartAsync(options, cancellation);
    }

    /// <summary>One of its own in any case.</summary>
    public static async Task<LabSession> StartAsync(LabOptions options, CancellationToken cancellation)
    {
        var lab = await RunningLab.StartAsync(options, cancellation: cancellation);
        return new LabSession(lab.Addresses, lab);
    }

    /// <summary>The lab that runs on the folder.</summary>
    /// <exception cref="LabException">None does.</exception>
    public static LabSession Attach(LabOptions options) => LabState.Find(options.Data) is { } running
        ? new LabSession(LabAddresses.For(running.Ports), null)
        : throw new LabException($"No lab is running on {Path.GetFullPath(options.Data)}. Start one: dotnet run --project src/Payments.Lab");

    /// <exception cref="LabException">The lab cannot do it.</exception>
    public async Task ActAsync(string process, string action, CancellationToken cancellation)
    {
        using var answer = await Http.PostAsync($"{Addresses.Lab}/processes/{process}/{action}", null, cancellation);
        if (!answer.IsSuccessStatusCode)
        {
            throw new LabException(await answer.Content.ReadAsStringAsync(cancellation));
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (own is not null)
        {
            await own.DisposeAsync();
        }
    }
}
