namespace Payments.Ingress;

public static class ServiceRegistrationExtensions
{
    /// <param name="service">First segment of the path and of the workflow ids.</param>
    /// <param name="taskQueue">Where a worker runs the service's workflows.</param>
    public static ServiceRegistration Service(this ServiceRegistry registry, string service, string taskQueue, IServiceProvider services) =>
        new(registry, service, taskQueue, services);
}
