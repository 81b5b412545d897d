using Temporalio.Api.Enums.V1;

namespace Temporalio.Worker.Internal.Core;

/// <summary>Words for why another workflow could not be reached.</summary>
internal static class ExternalFailure
{
    public static string Type(SignalExternalWorkflowExecutionFailedCause cause) => cause switch
    {
        SignalExternalWorkflowExecutionFailedCause.ExternalWorkflowExecutionNotFound => "ExternalWorkflowExecutionNotFound",
        SignalExternalWorkflowExecutionFailedCause.NamespaceNotFound => "NamespaceNotFound",
        _ => cause.ToString(),
    };

    public static string Reason(SignalExternalWorkflowExecutionFailedCause cause) => cause switch
    {
        SignalExternalWorkflowExecutionFailedCause.NamespaceNotFound => "namespace was not found",
        SignalExternalWorkflowExecutionFailedCause.SignalCountLimitExceeded => "it has received too many signals",
        SignalExternalWorkflowExecutionFailedCause.Unspecified => "unknown",
        _ => "it was not found",
    };

    public static string Type(CancelExternalWorkflowExecutionFailedCause cause) => cause switch
    {
        CancelExternalWorkflowExecutionFailedCause.NamespaceNotFound => "NamespaceNotFound",
        _ => "ExternalWorkflowExecutionNotFound",
    };

    public static string Reason(CancelExternalWorkflowExecutionFailedCause cause) => cause switch
    {
        CancelExternalWorkflowExecutionFailedCause.NamespaceNotFound => "namespace not found",
        CancelExternalWorkflowExecutionFailedCause.Unspecified => "unknown",
        _ => "not found",
    };
}
