using Temporalio.Api.Failure.V1;
using Temporalio.Exceptions;
using Temporalio.Worker.Internal.Core;

namespace Temporalio.Worker.Internal.Runs;

/// <summary>The exceptions of a replayer, in the words of the official one.</summary>
internal static class ReplayFailure
{
    public static Exception Of(Exception failure, WorkflowRunEnvironment environment)
    {
        if (failure is NondeterminismException)
        {
            var shown = Show(new Failure { Message = failure.Message, ApplicationFailureInfo = new() });
            return new WorkflowNondeterminismException(
                $"Nondeterminism: Workflow activation completion failed: Failure {{ failure: Some({shown}), force_cause: NonDeterministicError }}");
        }
        return new InvalidWorkflowOperationException(
            $"LangFail: Workflow activation completion failed: Failure {{ failure: Some({Show(environment.ToFailure(failure))}), force_cause: Unspecified }}");
    }

    private static string Show(Failure failure) =>
        $"Failure {{ message: {Quote(failure.Message)}, source: \"\", stack_trace: {Quote(failure.StackTrace)}, encoded_attributes: None, " +
        $"cause: {(failure.Cause is null ? "None" : $"Some({Show(failure.Cause)})")}, " +
        $"failure_info: Some(ApplicationFailureInfo(ApplicationFailureInfo {{ r#type: {Quote(failure.ApplicationFailureInfo?.Type ?? string.Empty)}, " +
        "non_retryable: false, details: None, next_retry_delay: None, category: Unspecified })) }";

    private static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";
}
