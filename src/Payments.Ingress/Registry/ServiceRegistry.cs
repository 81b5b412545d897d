namespace Payments.Ingress;

/// <summary>Which <c>Service/handler</c> means which workflow. Filled at start, read-only afterwards.</summary>
public sealed class ServiceRegistry
{
    private readonly Dictionary<(string Service, string Handler), IngressHandler> handlers = [];
    private readonly List<IngressQuery> queries = [];

    public IReadOnlyCollection<IngressHandler> Handlers => handlers.Values;

    public IReadOnlyCollection<IngressQuery> Queries => queries;

    public ServiceRegistry Add(IngressHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        handlers.Add((handler.Service, handler.Name), handler);
        return this;
    }

    public ServiceRegistry Add(IngressQuery query)
    {
        queries.Add(query);
        return this;
    }

    public IngressHandler? Find(string service, string handler) => handlers.GetValueOrDefault((service, handler));

    public IngressHandler? FindByWorkflow(InvocationId id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return handlers.Values.FirstOrDefault(handler => handler.Name == id.Handler && handler.Owns(id.WorkflowId));
    }
}
