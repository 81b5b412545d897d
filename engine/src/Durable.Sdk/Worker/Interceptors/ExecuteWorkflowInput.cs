using System.Reflection;

namespace Temporalio.Worker.Interceptors;

/// <summary>Input of <see cref="WorkflowInboundInterceptor.ExecuteWorkflowAsync"/>.</summary>
public record ExecuteWorkflowInput(
    object Instance,
    MethodInfo RunMethod,
    object?[] Args);
