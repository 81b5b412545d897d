using Temporalio.Worker;

namespace Temporalio.Extensions.Hosting;

/// <summary>Gives a new client to the workers whose options have this object, for new credentials for example.</summary>
public class TemporalWorkerClientUpdater
{
    private readonly Lock gate = new();
    private EventHandler<IWorkerClient>? updated;

    public void UpdateClient(IWorkerClient client)
    {
        EventHandler<IWorkerClient>? handlers;
        lock (gate)
        {
            handlers = updated;
        }
        handlers?.Invoke(this, client);
    }

    internal void Subscribe(EventHandler<IWorkerClient> handler)
    {
        lock (gate)
        {
            updated += handler;
        }
    }

    internal void Unsubscribe(EventHandler<IWorkerClient> handler)
    {
        lock (gate)
        {
            updated -= handler;
        }
    }
}
