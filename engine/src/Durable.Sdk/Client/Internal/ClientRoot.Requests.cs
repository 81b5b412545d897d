using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client.Interceptors;
using Temporalio.Exceptions;
using Temporalio.Worker.Internal.Language;

namespace Temporalio.Client.Internal;

/// <summary>Requests that take some building: starts, and update-with-start.</summary>
internal sealed partial class ClientRoot
{
    public override async Task<WorkflowUpdateHandle<TUpdateResult>> StartUpdateWithStartWorkflowAsync<TUpdateResult>(StartUpdateWithStartWorkflowInput input)
    {
        var operation = input.Options.StartWorkflowOperation ?? throw new ArgumentException("Start workflow operation is required in options");
        operation.MarkUsed();
        // Whatever fails from here on fails for those too who wait for the handle.
        try
        {
            RequireStage(input.Options.WaitForStage);
            RequireStartable(operation.Options);
            var start = await StartRequestAsync(operation.Workflow, operation.Args, operation.Options, operation.Headers).ConfigureAwait(false);
            var update = await UpdateRequestAsync(
                operation.Options.Id!, null, null, input.Update, input.Args, input.Options, input.Options.WaitForStage, input.Headers).ConfigureAwait(false);
            var request = new ExecuteMultiOperationRequest
            {
                Namespace = client.Options.Namespace,
                Operations = { new ExecuteMultiOperationRequest.Types.Operation { StartWorkflow = start }, new ExecuteMultiOperationRequest.Types.Operation { UpdateWorkflow = update } },
            };
            var answer = await Updates.GuardAsync(() => SendUntilAcceptedAsync(request, operation, input.Options.Rpc)).ConfigureAwait(false);
            var handle = ToHandle<TUpdateResult>(operation.Options.Id!, update.Request.Meta.UpdateId, answer);
            return await UntilStageAsync(handle, input.Options.WaitForStage, input.Options.Rpc).ConfigureAwait(false);
        }
        catch (RpcException fault)
        {
            var cause = CauseOf(fault, operation);
            operation.SetFailed(cause);
            if (ReferenceEquals(cause, fault))
            {
                throw;
            }
            throw cause;
        }
        catch (Exception failed)
        {
            operation.SetFailed(failed);
            throw;
        }
    }

    private static void RequireStartable(WorkflowOptions options)
    {
        if (options.StartSignal is not null || options.StartSignalArgs is not null)
        {
            throw new ArgumentException("Cannot have start signal on update with start");
        }
        if (options.RequestEagerStart)
        {
            throw new ArgumentException("Cannot request eager start on update with start");
        }
        if (options.IdConflictPolicy == WorkflowIdConflictPolicy.Unspecified)
        {
            throw new ArgumentException("Workflow ID conflict policy required for update with start");
        }
        if (options.Rpc is not null)
        {
            throw new ArgumentException("Cannot set RPC options on start options, set them on the update options");
        }
    }

    private async Task<UpdateWorkflowExecutionResponse> SendUntilAcceptedAsync(ExecuteMultiOperationRequest request, WithStartWorkflowOperation operation, RpcOptions? rpc)
    {
        while (true)
        {
            var response = await client.WorkflowService.ExecuteMultiOperationAsync(request, Retried(rpc)).ConfigureAwait(false);
            operation.SetStarted(client, response.Responses[0].StartWorkflow.RunId);
            var answer = response.Responses[1].UpdateWorkflow;
            if (answer.Stage >= UpdateWorkflowExecutionLifecycleStage.Accepted)
            {
                return answer;
            }
        }
    }

    /// <summary>The failure of the operation at fault; the other one was only aborted.</summary>
    private static Exception CauseOf(RpcException fault, WithStartWorkflowOperation operation)
    {
        if (DetailOf<MultiOperationExecutionFailure>(fault) is not { } multi)
        {
            return fault;
        }
        foreach (var status in multi.Statuses)
        {
            if (status.Code == 0 || status.Details.Any(static detail => detail.Is(MultiOperationExecutionAborted.Descriptor)))
            {
                continue;
            }
            var own = new RpcException(new GrpcStatus { Code = status.Code, Message = status.Message, Details = { status.Details } });
            return AlreadyStarted(own, operation.Options.Id!, operation.Workflow) as Exception ?? own;
        }
        return fault;
    }

    private async Task<StartWorkflowExecutionRequest> StartRequestAsync(
        string workflow, IReadOnlyCollection<object?> args, WorkflowOptions options, IDictionary<string, Payload>? headers)
    {
        if (string.IsNullOrEmpty(options.Id))
        {
            throw new ArgumentException("ID required to start workflow");
        }
        if (string.IsNullOrEmpty(options.TaskQueue))
        {
            throw new ArgumentException("Task queue required to start workflow");
        }
        var converter = ConverterFor(options.Id);
        return new StartWorkflowExecutionRequest
        {
            Namespace = client.Options.Namespace,
            WorkflowId = options.Id,
            WorkflowType = new() { Name = workflow },
            TaskQueue = new() { Name = options.TaskQueue },
            Input = await converter.EncodeAsync(args).ConfigureAwait(false),
            WorkflowExecutionTimeout = Protos.Duration(options.ExecutionTimeout),
            WorkflowRunTimeout = Protos.Duration(options.RunTimeout),
            WorkflowTaskTimeout = Protos.Duration(options.TaskTimeout),
            Identity = IdentityOf(client),
            // One id per call, kept when the call is sent again. Options that are used twice are two calls.
            RequestId = Guid.NewGuid().ToString(),
            WorkflowIdReusePolicy = options.IdReusePolicy,
            WorkflowIdConflictPolicy = options.IdConflictPolicy,
            RetryPolicy = Protos.RetryPolicy(options.RetryPolicy),
            CronSchedule = options.CronSchedule ?? "",
            Memo = await converter.MemoAsync(options.Memo).ConfigureAwait(false),
            SearchAttributes = options.TypedSearchAttributes is { Count: > 0 } attributes ? attributes.ToProto() : null,
            Header = await converter.HeaderAsync(headers).ConfigureAwait(false),
            WorkflowStartDelay = Protos.Duration(options.StartDelay),
            UserMetadata = await converter.UserMetadataAsync(options.StaticSummary, options.StaticDetails).ConfigureAwait(false),
            Priority = Protos.Priority(options.Priority),
            VersioningOverride = Protos.VersioningOverride(options.VersioningOverride),
        };
    }

    private async Task<SignalWithStartWorkflowExecutionRequest> SignalWithStartRequestAsync(StartWorkflowInput input)
    {
        var start = await StartRequestAsync(input.Workflow, input.Args, input.Options, input.Headers).ConfigureAwait(false);
        return new SignalWithStartWorkflowExecutionRequest
        {
            Namespace = start.Namespace,
            WorkflowId = start.WorkflowId,
            WorkflowType = start.WorkflowType,
            TaskQueue = start.TaskQueue,
            Input = start.Input,
            WorkflowExecutionTimeout = start.WorkflowExecutionTimeout,
            WorkflowRunTimeout = start.WorkflowRunTimeout,
            WorkflowTaskTimeout = start.WorkflowTaskTimeout,
            Identity = start.Identity,
            RequestId = start.RequestId,
            WorkflowIdReusePolicy = start.WorkflowIdReusePolicy,
            WorkflowIdConflictPolicy = start.WorkflowIdConflictPolicy,
            RetryPolicy = start.RetryPolicy,
            CronSchedule = start.CronSchedule,
            Memo = start.Memo,
            SearchAttributes = start.SearchAttributes,
            Header = start.Header,
            WorkflowStartDelay = start.WorkflowStartDelay,
            UserMetadata = start.UserMetadata,
            Priority = start.Priority,
            VersioningOverride = start.VersioningOverride,
            SignalName = input.Options.StartSignal!,
            SignalInput = await ConverterFor(start.WorkflowId).EncodeAsync(input.Options.StartSignalArgs ?? []).ConfigureAwait(false),
        };
    }

    private async Task<UpdateWorkflowExecutionRequest> UpdateRequestAsync(
        string workflowId, string? runId, string? firstRunId, string update, IReadOnlyCollection<object?> args, WorkflowUpdateOptions options,
        WorkflowUpdateStage stage, IDictionary<string, Payload>? headers) => new()
        {
            Namespace = client.Options.Namespace,
            WorkflowExecution = new() { WorkflowId = workflowId, RunId = runId ?? "" },
            FirstExecutionRunId = firstRunId ?? "",
            WaitPolicy = new() { LifecycleStage = (UpdateWorkflowExecutionLifecycleStage)stage },
            Request = new()
            {
                Meta = new() { UpdateId = options.Id ?? Guid.NewGuid().ToString(), Identity = IdentityOf(client) },
                Input = new()
                {
                    Header = await ConverterFor(workflowId).HeaderAsync(headers).ConfigureAwait(false),
                    Name = update,
                    Args = await ConverterFor(workflowId).EncodeAsync(args).ConfigureAwait(false),
                },
            },
        };
}
