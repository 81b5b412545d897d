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
        var lab = await RunningLab.StartAsync(options, cancellation: cancellation);
        return new LabSession(lab.Addresses, lab);
    }

    /// <param name="action">restart, kill or start.</param>
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
