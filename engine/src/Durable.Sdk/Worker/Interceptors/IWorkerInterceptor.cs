namespace Temporalio.Worker.Interceptors;

/// <summary>Puts interceptors around workflows and activities of a worker.</summary>
public interface IWorkerInterceptor
{
    /// <summary>Called once per workflow instance, that is also after an eviction.</summary>
    WorkflowInboundInterceptor InterceptWorkflow(WorkflowInboundInterceptor nextInterceptor) => nextInterceptor;

    /// <summary>Called once per activity execution.</summary>
    ActivityInboundInterceptor InterceptActivity(ActivityInboundInterceptor nextInterceptor) => nextInterceptor;
}
