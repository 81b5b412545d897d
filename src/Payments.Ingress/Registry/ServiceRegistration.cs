using Microsoft.Extensions.Options;

namespace Payments.Ingress;

/// <summary>
/// Registers a service in a few lines:
/// <code>
/// IngressApp.Build(args, register: (registry, services) =>
///     registry.Service("OrderService", "orders", services).Start("Create", "OrderWorkflow").Query("Status", "Status"));
/// </code>
/// </summary>
public sealed class ServiceRegistration(ServiceRegistry registry, string service, string taskQueue, IServiceProvider services)
{
    /// <summary><c>POST /{service}/{id}/{name}</c> runs the workflow once per object, or once per object and key; the body is its argument.</summary>
    public ServiceRegistration Start(string name, string workflowType, bool perKey = false)
    {
        var engine = services.GetRequiredService<EngineLink>();
        registry.Add(new StartHandler(service, name, workflowType, taskQueue, perKey, () => engine.Client, services.GetRequiredService<TimeProvider>()));
        return this;
    }

    /// <summary><c>GET /{service}/{id}/{name}</c> asks the object's workflow.</summary>
    public ServiceRegistration Query(string name, string query)
    {
        registry.Add(new WorkflowQuery(
            service, name, query, services.GetRequiredService<EngineLink>(), services.GetRequiredService<Merchants>(), services.GetRequiredService<IOptions<LimitOptions>>()));
        return this;
    }
}
