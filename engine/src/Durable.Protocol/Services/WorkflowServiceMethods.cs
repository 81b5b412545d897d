using Temporalio.Api.WorkflowService.V1;

namespace Durable.Protocol;

/// <summary>The methods of <c>temporal.api.workflowservice.v1.WorkflowService</c>.</summary>
public static class WorkflowServiceMethods
{
    public const string Service = "temporal.api.workflowservice.v1.WorkflowService";

    public static RpcMethod<RegisterNamespaceRequest, RegisterNamespaceResponse> RegisterNamespace { get; } =
        new(Service, nameof(RegisterNamespace), static () => RegisterNamespaceRequest.Parser, static () => RegisterNamespaceResponse.Parser);

    public static RpcMethod<DescribeNamespaceRequest, DescribeNamespaceResponse> DescribeNamespace { get; } =
        new(Service, nameof(DescribeNamespace), static () => DescribeNamespaceRequest.Parser, static () => DescribeNamespaceResponse.Parser);

    public static RpcMethod<ListNamespacesRequest, ListNamespacesResponse> ListNamespaces { get; } =
        new(Service, nameof(ListNamespaces), static () => ListNamespacesRequest.Parser, static () => ListNamespacesResponse.Parser);

    public static RpcMethod<UpdateNamespaceRequest, UpdateNamespaceResponse> UpdateNamespace { get; } =
        new(Service, nameof(UpdateNamespace), static () => UpdateNamespaceRequest.Parser, static () => UpdateNamespaceResponse.Parser);

    public static RpcMethod<DeprecateNamespaceRequest, DeprecateNamespaceResponse> DeprecateNamespace { get; } =
        new(Service, nameof(DeprecateNamespace), static () => DeprecateNamespaceRequest.Parser, static () => DeprecateNamespaceResponse.Parser);

    public static RpcMethod<StartWorkflowExecutionRequest, StartWorkflowExecutionResponse> StartWorkflowExecution { get; } =
        new(Service, nameof(StartWorkflowExecution), static () => StartWorkflowExecutionRequest.Parser, static () => StartWorkflowExecutionResponse.Parser);

    public static RpcMethod<ExecuteMultiOperationRequest, ExecuteMultiOperationResponse> ExecuteMultiOperation { get; } =
        new(Service, nameof(ExecuteMultiOperation), static () => ExecuteMultiOperationRequest.Parser, static () => ExecuteMultiOperationResponse.Parser);

    public static RpcMethod<GetWorkflowExecutionHistoryRequest, GetWorkflowExecutionHistoryResponse> GetWorkflowExecutionHistory { get; } =
        new(Service, nameof(GetWorkflowExecutionHistory), static () => GetWorkflowExecutionHistoryRequest.Parser, static () => GetWorkflowExecutionHistoryResponse.Parser);

    public static RpcMethod<GetWorkflowExecutionHistoryReverseRequest, GetWorkflowExecutionHistoryReverseResponse> GetWorkflowExecutionHistoryReverse { get; } =
        new(Service, nameof(GetWorkflowExecutionHistoryReverse), static () => GetWorkflowExecutionHistoryReverseRequest.Parser, static () => GetWorkflowExecutionHistoryReverseResponse.Parser);

    public static RpcMethod<PollWorkflowTaskQueueRequest, PollWorkflowTaskQueueResponse> PollWorkflowTaskQueue { get; } =
        new(Service, nameof(PollWorkflowTaskQueue), static () => PollWorkflowTaskQueueRequest.Parser, static () => PollWorkflowTaskQueueResponse.Parser);

    public static RpcMethod<RespondWorkflowTaskCompletedRequest, RespondWorkflowTaskCompletedResponse> RespondWorkflowTaskCompleted { get; } =
        new(Service, nameof(RespondWorkflowTaskCompleted), static () => RespondWorkflowTaskCompletedRequest.Parser, static () => RespondWorkflowTaskCompletedResponse.Parser);

    public static RpcMethod<RespondWorkflowTaskFailedRequest, RespondWorkflowTaskFailedResponse> RespondWorkflowTaskFailed { get; } =
        new(Service, nameof(RespondWorkflowTaskFailed), static () => RespondWorkflowTaskFailedRequest.Parser, static () => RespondWorkflowTaskFailedResponse.Parser);

    public static RpcMethod<PollActivityTaskQueueRequest, PollActivityTaskQueueResponse> PollActivityTaskQueue { get; } =
        new(Service, nameof(PollActivityTaskQueue), static () => PollActivityTaskQueueRequest.Parser, static () => PollActivityTaskQueueResponse.Parser);

    public static RpcMethod<RecordActivityTaskHeartbeatRequest, RecordActivityTaskHeartbeatResponse> RecordActivityTaskHeartbeat { get; } =
        new(Service, nameof(RecordActivityTaskHeartbeat), static () => RecordActivityTaskHeartbeatRequest.Parser, static () => RecordActivityTaskHeartbeatResponse.Parser);

    public static RpcMethod<RecordActivityTaskHeartbeatByIdRequest, RecordActivityTaskHeartbeatByIdResponse> RecordActivityTaskHeartbeatById { get; } =
        new(Service, nameof(RecordActivityTaskHeartbeatById), static () => RecordActivityTaskHeartbeatByIdRequest.Parser, static () => RecordActivityTaskHeartbeatByIdResponse.Parser);

    public static RpcMethod<RespondActivityTaskCompletedRequest, RespondActivityTaskCompletedResponse> RespondActivityTaskCompleted { get; } =
        new(Service, nameof(RespondActivityTaskCompleted), static () => RespondActivityTaskCompletedRequest.Parser, static () => RespondActivityTaskCompletedResponse.Parser);

    public static RpcMethod<RespondActivityTaskCompletedByIdRequest, RespondActivityTaskCompletedByIdResponse> RespondActivityTaskCompletedById { get; } =
        new(Service, nameof(RespondActivityTaskCompletedById), static () => RespondActivityTaskCompletedByIdRequest.Parser, static () => RespondActivityTaskCompletedByIdResponse.Parser);

    public static RpcMethod<RespondActivityTaskFailedRequest, RespondActivityTaskFailedResponse> RespondActivityTaskFailed { get; } =
        new(Service, nameof(RespondActivityTaskFailed), static () => RespondActivityTaskFailedRequest.Parser, static () => RespondActivityTaskFailedResponse.Parser);

    public static RpcMethod<RespondActivityTaskFailedByIdRequest, RespondActivityTaskFailedByIdResponse> RespondActivityTaskFailedById { get; } =
        new(Service, nameof(RespondActivityTaskFailedById), static () => RespondActivityTaskFailedByIdRequest.Parser, static () => RespondActivityTaskFailedByIdResponse.Parser);

    public static RpcMethod<RespondActivityTaskCanceledRequest, RespondActivityTaskCanceledResponse> RespondActivityTaskCanceled { get; } =
        new(Service, nameof(RespondActivityTaskCanceled), static () => RespondActivityTaskCanceledRequest.Parser, static () => RespondActivityTaskCanceledResponse.Parser);

    public static RpcMethod<RespondActivityTaskCanceledByIdRequest, RespondActivityTaskCanceledByIdResponse> RespondActivityTaskCanceledById { get; } =
        new(Service, nameof(RespondActivityTaskCanceledById), static () => RespondActivityTaskCanceledByIdRequest.Parser, static () => RespondActivityTaskCanceledByIdResponse.Parser);

    public static RpcMethod<RequestCancelWorkflowExecutionRequest, RequestCancelWorkflowExecutionResponse> RequestCancelWorkflowExecution { get; } =
        new(Service, nameof(RequestCancelWorkflowExecution), static () => RequestCancelWorkflowExecutionRequest.Parser, static () => RequestCancelWorkflowExecutionResponse.Parser);

    public static RpcMethod<SignalWorkflowExecutionRequest, SignalWorkflowExecutionResponse> SignalWorkflowExecution { get; } =
        new(Service, nameof(SignalWorkflowExecution), static () => SignalWorkflowExecutionRequest.Parser, static () => SignalWorkflowExecutionResponse.Parser);

    public static RpcMethod<SignalWithStartWorkflowExecutionRequest, SignalWithStartWorkflowExecutionResponse> SignalWithStartWorkflowExecution { get; } =
        new(Service, nameof(SignalWithStartWorkflowExecution), static () => SignalWithStartWorkflowExecutionRequest.Parser, static () => SignalWithStartWorkflowExecutionResponse.Parser);

    public static RpcMethod<ResetWorkflowExecutionRequest, ResetWorkflowExecutionResponse> ResetWorkflowExecution { get; } =
        new(Service, nameof(ResetWorkflowExecution), static () => ResetWorkflowExecutionRequest.Parser, static () => ResetWorkflowExecutionResponse.Parser);

    public static RpcMethod<TerminateWorkflowExecutionRequest, TerminateWorkflowExecutionResponse> TerminateWorkflowExecution { get; } =
        new(Service, nameof(TerminateWorkflowExecution), static () => TerminateWorkflowExecutionRequest.Parser, static () => TerminateWorkflowExecutionResponse.Parser);

    public static RpcMethod<DeleteWorkflowExecutionRequest, DeleteWorkflowExecutionResponse> DeleteWorkflowExecution { get; } =
        new(Service, nameof(DeleteWorkflowExecution), static () => DeleteWorkflowExecutionRequest.Parser, static () => DeleteWorkflowExecutionResponse.Parser);

    public static RpcMethod<ListOpenWorkflowExecutionsRequest, ListOpenWorkflowExecutionsResponse> ListOpenWorkflowExecutions { get; } =
        new(Service, nameof(ListOpenWorkflowExecutions), static () => ListOpenWorkflowExecutionsRequest.Parser, static () => ListOpenWorkflowExecutionsResponse.Parser);

    public static RpcMethod<ListClosedWorkflowExecutionsRequest, ListClosedWorkflowExecutionsResponse> ListClosedWorkflowExecutions { get; } =
        new(Service, nameof(ListClosedWorkflowExecutions), static () => ListClosedWorkflowExecutionsRequest.Parser, static () => ListClosedWorkflowExecutionsResponse.Parser);

    public static RpcMethod<ListWorkflowExecutionsRequest, ListWorkflowExecutionsResponse> ListWorkflowExecutions { get; } =
        new(Service, nameof(ListWorkflowExecutions), static () => ListWorkflowExecutionsRequest.Parser, static () => ListWorkflowExecutionsResponse.Parser);

    public static RpcMethod<ListArchivedWorkflowExecutionsRequest, ListArchivedWorkflowExecutionsResponse> ListArchivedWorkflowExecutions { get; } =
        new(Service, nameof(ListArchivedWorkflowExecutions), static () => ListArchivedWorkflowExecutionsRequest.Parser, static () => ListArchivedWorkflowExecutionsResponse.Parser);

    public static RpcMethod<ScanWorkflowExecutionsRequest, ScanWorkflowExecutionsResponse> ScanWorkflowExecutions { get; } =
        new(Service, nameof(ScanWorkflowExecutions), static () => ScanWorkflowExecutionsRequest.Parser, static () => ScanWorkflowExecutionsResponse.Parser);

    public static RpcMethod<CountWorkflowExecutionsRequest, CountWorkflowExecutionsResponse> CountWorkflowExecutions { get; } =
        new(Service, nameof(CountWorkflowExecutions), static () => CountWorkflowExecutionsRequest.Parser, static () => CountWorkflowExecutionsResponse.Parser);

    public static RpcMethod<GetSearchAttributesRequest, GetSearchAttributesResponse> GetSearchAttributes { get; } =
        new(Service, nameof(GetSearchAttributes), static () => GetSearchAttributesRequest.Parser, static () => GetSearchAttributesResponse.Parser);

    public static RpcMethod<RespondQueryTaskCompletedRequest, RespondQueryTaskCompletedResponse> RespondQueryTaskCompleted { get; } =
        new(Service, nameof(RespondQueryTaskCompleted), static () => RespondQueryTaskCompletedRequest.Parser, static () => RespondQueryTaskCompletedResponse.Parser);

    public static RpcMethod<ResetStickyTaskQueueRequest, ResetStickyTaskQueueResponse> ResetStickyTaskQueue { get; } =
        new(Service, nameof(ResetStickyTaskQueue), static () => ResetStickyTaskQueueRequest.Parser, static () => ResetStickyTaskQueueResponse.Parser);

    public static RpcMethod<ShutdownWorkerRequest, ShutdownWorkerResponse> ShutdownWorker { get; } =
        new(Service, nameof(ShutdownWorker), static () => ShutdownWorkerRequest.Parser, static () => ShutdownWorkerResponse.Parser);

    public static RpcMethod<QueryWorkflowRequest, QueryWorkflowResponse> QueryWorkflow { get; } =
        new(Service, nameof(QueryWorkflow), static () => QueryWorkflowRequest.Parser, static () => QueryWorkflowResponse.Parser);

    public static RpcMethod<DescribeWorkflowExecutionRequest, DescribeWorkflowExecutionResponse> DescribeWorkflowExecution { get; } =
        new(Service, nameof(DescribeWorkflowExecution), static () => DescribeWorkflowExecutionRequest.Parser, static () => DescribeWorkflowExecutionResponse.Parser);

    public static RpcMethod<DescribeTaskQueueRequest, DescribeTaskQueueResponse> DescribeTaskQueue { get; } =
        new(Service, nameof(DescribeTaskQueue), static () => DescribeTaskQueueRequest.Parser, static () => DescribeTaskQueueResponse.Parser);

    public static RpcMethod<GetClusterInfoRequest, GetClusterInfoResponse> GetClusterInfo { get; } =
        new(Service, nameof(GetClusterInfo), static () => GetClusterInfoRequest.Parser, static () => GetClusterInfoResponse.Parser);

    public static RpcMethod<GetSystemInfoRequest, GetSystemInfoResponse> GetSystemInfo { get; } =
        new(Service, nameof(GetSystemInfo), static () => GetSystemInfoRequest.Parser, static () => GetSystemInfoResponse.Parser);

    public static RpcMethod<ListTaskQueuePartitionsRequest, ListTaskQueuePartitionsResponse> ListTaskQueuePartitions { get; } =
        new(Service, nameof(ListTaskQueuePartitions), static () => ListTaskQueuePartitionsRequest.Parser, static () => ListTaskQueuePartitionsResponse.Parser);

    public static RpcMethod<CreateScheduleRequest, CreateScheduleResponse> CreateSchedule { get; } =
        new(Service, nameof(CreateSchedule), static () => CreateScheduleRequest.Parser, static () => CreateScheduleResponse.Parser);

    public static RpcMethod<DescribeScheduleRequest, DescribeScheduleResponse> DescribeSchedule { get; } =
        new(Service, nameof(DescribeSchedule), static () => DescribeScheduleRequest.Parser, static () => DescribeScheduleResponse.Parser);

    public static RpcMethod<UpdateScheduleRequest, UpdateScheduleResponse> UpdateSchedule { get; } =
        new(Service, nameof(UpdateSchedule), static () => UpdateScheduleRequest.Parser, static () => UpdateScheduleResponse.Parser);

    public static RpcMethod<PatchScheduleRequest, PatchScheduleResponse> PatchSchedule { get; } =
        new(Service, nameof(PatchSchedule), static () => PatchScheduleRequest.Parser, static () => PatchScheduleResponse.Parser);

    public static RpcMethod<ListScheduleMatchingTimesRequest, ListScheduleMatchingTimesResponse> ListScheduleMatchingTimes { get; } =
        new(Service, nameof(ListScheduleMatchingTimes), static () => ListScheduleMatchingTimesRequest.Parser, static () => ListScheduleMatchingTimesResponse.Parser);

    public static RpcMethod<DeleteScheduleRequest, DeleteScheduleResponse> DeleteSchedule { get; } =
        new(Service, nameof(DeleteSchedule), static () => DeleteScheduleRequest.Parser, static () => DeleteScheduleResponse.Parser);

    public static RpcMethod<ListSchedulesRequest, ListSchedulesResponse> ListSchedules { get; } =
        new(Service, nameof(ListSchedules), static () => ListSchedulesRequest.Parser, static () => ListSchedulesResponse.Parser);

    public static RpcMethod<CountSchedulesRequest, CountSchedulesResponse> CountSchedules { get; } =
        new(Service, nameof(CountSchedules), static () => CountSchedulesRequest.Parser, static () => CountSchedulesResponse.Parser);

    public static RpcMethod<DescribeDeploymentRequest, DescribeDeploymentResponse> DescribeDeployment { get; } =
        new(Service, nameof(DescribeDeployment), static () => DescribeDeploymentRequest.Parser, static () => DescribeDeploymentResponse.Parser);

    public static RpcMethod<ListDeploymentsRequest, ListDeploymentsResponse> ListDeployments { get; } =
        new(Service, nameof(ListDeployments), static () => ListDeploymentsRequest.Parser, static () => ListDeploymentsResponse.Parser);

    public static RpcMethod<GetDeploymentReachabilityRequest, GetDeploymentReachabilityResponse> GetDeploymentReachability { get; } =
        new(Service, nameof(GetDeploymentReachability), static () => GetDeploymentReachabilityRequest.Parser, static () => GetDeploymentReachabilityResponse.Parser);

    public static RpcMethod<GetCurrentDeploymentRequest, GetCurrentDeploymentResponse> GetCurrentDeployment { get; } =
        new(Service, nameof(GetCurrentDeployment), static () => GetCurrentDeploymentRequest.Parser, static () => GetCurrentDeploymentResponse.Parser);

    public static RpcMethod<SetCurrentDeploymentRequest, SetCurrentDeploymentResponse> SetCurrentDeployment { get; } =
        new(Service, nameof(SetCurrentDeployment), static () => SetCurrentDeploymentRequest.Parser, static () => SetCurrentDeploymentResponse.Parser);

    public static RpcMethod<UpdateWorkflowExecutionRequest, UpdateWorkflowExecutionResponse> UpdateWorkflowExecution { get; } =
        new(Service, nameof(UpdateWorkflowExecution), static () => UpdateWorkflowExecutionRequest.Parser, static () => UpdateWorkflowExecutionResponse.Parser);

    public static RpcMethod<PollWorkflowExecutionUpdateRequest, PollWorkflowExecutionUpdateResponse> PollWorkflowExecutionUpdate { get; } =
        new(Service, nameof(PollWorkflowExecutionUpdate), static () => PollWorkflowExecutionUpdateRequest.Parser, static () => PollWorkflowExecutionUpdateResponse.Parser);

    public static RpcMethod<StartBatchOperationRequest, StartBatchOperationResponse> StartBatchOperation { get; } =
        new(Service, nameof(StartBatchOperation), static () => StartBatchOperationRequest.Parser, static () => StartBatchOperationResponse.Parser);

    public static RpcMethod<StopBatchOperationRequest, StopBatchOperationResponse> StopBatchOperation { get; } =
        new(Service, nameof(StopBatchOperation), static () => StopBatchOperationRequest.Parser, static () => StopBatchOperationResponse.Parser);

    public static RpcMethod<DescribeBatchOperationRequest, DescribeBatchOperationResponse> DescribeBatchOperation { get; } =
        new(Service, nameof(DescribeBatchOperation), static () => DescribeBatchOperationRequest.Parser, static () => DescribeBatchOperationResponse.Parser);

    public static RpcMethod<ListBatchOperationsRequest, ListBatchOperationsResponse> ListBatchOperations { get; } =
        new(Service, nameof(ListBatchOperations), static () => ListBatchOperationsRequest.Parser, static () => ListBatchOperationsResponse.Parser);

    public static RpcMethod<UpdateActivityOptionsRequest, UpdateActivityOptionsResponse> UpdateActivityOptions { get; } =
        new(Service, nameof(UpdateActivityOptions), static () => UpdateActivityOptionsRequest.Parser, static () => UpdateActivityOptionsResponse.Parser);

    public static RpcMethod<UpdateWorkflowExecutionOptionsRequest, UpdateWorkflowExecutionOptionsResponse> UpdateWorkflowExecutionOptions { get; } =
        new(Service, nameof(UpdateWorkflowExecutionOptions), static () => UpdateWorkflowExecutionOptionsRequest.Parser, static () => UpdateWorkflowExecutionOptionsResponse.Parser);

    public static RpcMethod<PauseActivityRequest, PauseActivityResponse> PauseActivity { get; } =
        new(Service, nameof(PauseActivity), static () => PauseActivityRequest.Parser, static () => PauseActivityResponse.Parser);

    public static RpcMethod<UnpauseActivityRequest, UnpauseActivityResponse> UnpauseActivity { get; } =
        new(Service, nameof(UnpauseActivity), static () => UnpauseActivityRequest.Parser, static () => UnpauseActivityResponse.Parser);

    public static RpcMethod<ResetActivityRequest, ResetActivityResponse> ResetActivity { get; } =
        new(Service, nameof(ResetActivity), static () => ResetActivityRequest.Parser, static () => ResetActivityResponse.Parser);

    public static RpcMethod<RecordWorkerHeartbeatRequest, RecordWorkerHeartbeatResponse> RecordWorkerHeartbeat { get; } =
        new(Service, nameof(RecordWorkerHeartbeat), static () => RecordWorkerHeartbeatRequest.Parser, static () => RecordWorkerHeartbeatResponse.Parser);

    public static RpcMethod<ListWorkersRequest, ListWorkersResponse> ListWorkers { get; } =
        new(Service, nameof(ListWorkers), static () => ListWorkersRequest.Parser, static () => ListWorkersResponse.Parser);

    public static RpcMethod<CountWorkersRequest, CountWorkersResponse> CountWorkers { get; } =
        new(Service, nameof(CountWorkers), static () => CountWorkersRequest.Parser, static () => CountWorkersResponse.Parser);

    public static RpcMethod<UpdateTaskQueueConfigRequest, UpdateTaskQueueConfigResponse> UpdateTaskQueueConfig { get; } =
        new(Service, nameof(UpdateTaskQueueConfig), static () => UpdateTaskQueueConfigRequest.Parser, static () => UpdateTaskQueueConfigResponse.Parser);

    public static RpcMethod<FetchWorkerConfigRequest, FetchWorkerConfigResponse> FetchWorkerConfig { get; } =
        new(Service, nameof(FetchWorkerConfig), static () => FetchWorkerConfigRequest.Parser, static () => FetchWorkerConfigResponse.Parser);

    public static RpcMethod<UpdateWorkerConfigRequest, UpdateWorkerConfigResponse> UpdateWorkerConfig { get; } =
        new(Service, nameof(UpdateWorkerConfig), static () => UpdateWorkerConfigRequest.Parser, static () => UpdateWorkerConfigResponse.Parser);

    public static RpcMethod<DescribeWorkerRequest, DescribeWorkerResponse> DescribeWorker { get; } =
        new(Service, nameof(DescribeWorker), static () => DescribeWorkerRequest.Parser, static () => DescribeWorkerResponse.Parser);

    public static RpcMethod<PauseWorkflowExecutionRequest, PauseWorkflowExecutionResponse> PauseWorkflowExecution { get; } =
        new(Service, nameof(PauseWorkflowExecution), static () => PauseWorkflowExecutionRequest.Parser, static () => PauseWorkflowExecutionResponse.Parser);

    public static RpcMethod<UnpauseWorkflowExecutionRequest, UnpauseWorkflowExecutionResponse> UnpauseWorkflowExecution { get; } =
        new(Service, nameof(UnpauseWorkflowExecution), static () => UnpauseWorkflowExecutionRequest.Parser, static () => UnpauseWorkflowExecutionResponse.Parser);

    public static RpcMethod<StartActivityExecutionRequest, StartActivityExecutionResponse> StartActivityExecution { get; } =
        new(Service, nameof(StartActivityExecution), static () => StartActivityExecutionRequest.Parser, static () => StartActivityExecutionResponse.Parser);

    public static RpcMethod<DescribeActivityExecutionRequest, DescribeActivityExecutionResponse> DescribeActivityExecution { get; } =
        new(Service, nameof(DescribeActivityExecution), static () => DescribeActivityExecutionRequest.Parser, static () => DescribeActivityExecutionResponse.Parser);

    public static RpcMethod<PollActivityExecutionRequest, PollActivityExecutionResponse> PollActivityExecution { get; } =
        new(Service, nameof(PollActivityExecution), static () => PollActivityExecutionRequest.Parser, static () => PollActivityExecutionResponse.Parser);

    public static RpcMethod<ListActivityExecutionsRequest, ListActivityExecutionsResponse> ListActivityExecutions { get; } =
        new(Service, nameof(ListActivityExecutions), static () => ListActivityExecutionsRequest.Parser, static () => ListActivityExecutionsResponse.Parser);

    public static RpcMethod<CountActivityExecutionsRequest, CountActivityExecutionsResponse> CountActivityExecutions { get; } =
        new(Service, nameof(CountActivityExecutions), static () => CountActivityExecutionsRequest.Parser, static () => CountActivityExecutionsResponse.Parser);

    public static RpcMethod<RequestCancelActivityExecutionRequest, RequestCancelActivityExecutionResponse> RequestCancelActivityExecution { get; } =
        new(Service, nameof(RequestCancelActivityExecution), static () => RequestCancelActivityExecutionRequest.Parser, static () => RequestCancelActivityExecutionResponse.Parser);

    public static RpcMethod<TerminateActivityExecutionRequest, TerminateActivityExecutionResponse> TerminateActivityExecution { get; } =
        new(Service, nameof(TerminateActivityExecution), static () => TerminateActivityExecutionRequest.Parser, static () => TerminateActivityExecutionResponse.Parser);

    public static RpcMethod<DeleteActivityExecutionRequest, DeleteActivityExecutionResponse> DeleteActivityExecution { get; } =
        new(Service, nameof(DeleteActivityExecution), static () => DeleteActivityExecutionRequest.Parser, static () => DeleteActivityExecutionResponse.Parser);

    public static RpcMethod<PauseActivityExecutionRequest, PauseActivityExecutionResponse> PauseActivityExecution { get; } =
        new(Service, nameof(PauseActivityExecution), static () => PauseActivityExecutionRequest.Parser, static () => PauseActivityExecutionResponse.Parser);

    public static RpcMethod<ResetActivityExecutionRequest, ResetActivityExecutionResponse> ResetActivityExecution { get; } =
        new(Service, nameof(ResetActivityExecution), static () => ResetActivityExecutionRequest.Parser, static () => ResetActivityExecutionResponse.Parser);

    public static RpcMethod<UnpauseActivityExecutionRequest, UnpauseActivityExecutionResponse> UnpauseActivityExecution { get; } =
        new(Service, nameof(UnpauseActivityExecution), static () => UnpauseActivityExecutionRequest.Parser, static () => UnpauseActivityExecutionResponse.Parser);

    public static RpcMethod<UpdateActivityExecutionOptionsRequest, UpdateActivityExecutionOptionsResponse> UpdateActivityExecutionOptions { get; } =
        new(Service, nameof(UpdateActivityExecutionOptions), static () => UpdateActivityExecutionOptionsRequest.Parser, static () => UpdateActivityExecutionOptionsResponse.Parser);

    public static RpcMethod<PollWorkflowExecutionTimeSkippingRequest, PollWorkflowExecutionTimeSkippingResponse> PollWorkflowExecutionTimeSkipping { get; } =
        new(Service, nameof(PollWorkflowExecutionTimeSkipping), static () => PollWorkflowExecutionTimeSkippingRequest.Parser, static () => PollWorkflowExecutionTimeSkippingResponse.Parser);

    public static RpcMethod<DescribeWorkerDeploymentVersionRequest, DescribeWorkerDeploymentVersionResponse> DescribeWorkerDeploymentVersion { get; } =
        new(Service, nameof(DescribeWorkerDeploymentVersion), static () => DescribeWorkerDeploymentVersionRequest.Parser, static () => DescribeWorkerDeploymentVersionResponse.Parser);

    public static RpcMethod<DescribeWorkerDeploymentRequest, DescribeWorkerDeploymentResponse> DescribeWorkerDeployment { get; } =
        new(Service, nameof(DescribeWorkerDeployment), static () => DescribeWorkerDeploymentRequest.Parser, static () => DescribeWorkerDeploymentResponse.Parser);

    public static RpcMethod<SetWorkerDeploymentCurrentVersionRequest, SetWorkerDeploymentCurrentVersionResponse> SetWorkerDeploymentCurrentVersion { get; } =
        new(Service, nameof(SetWorkerDeploymentCurrentVersion), static () => SetWorkerDeploymentCurrentVersionRequest.Parser, static () => SetWorkerDeploymentCurrentVersionResponse.Parser);

    public static RpcMethod<SetWorkerDeploymentRampingVersionRequest, SetWorkerDeploymentRampingVersionResponse> SetWorkerDeploymentRampingVersion { get; } =
        new(Service, nameof(SetWorkerDeploymentRampingVersion), static () => SetWorkerDeploymentRampingVersionRequest.Parser, static () => SetWorkerDeploymentRampingVersionResponse.Parser);

    public static RpcMethod<ListWorkerDeploymentsRequest, ListWorkerDeploymentsResponse> ListWorkerDeployments { get; } =
        new(Service, nameof(ListWorkerDeployments), static () => ListWorkerDeploymentsRequest.Parser, static () => ListWorkerDeploymentsResponse.Parser);

    public static RpcMethod<DeleteWorkerDeploymentVersionRequest, DeleteWorkerDeploymentVersionResponse> DeleteWorkerDeploymentVersion { get; } =
        new(Service, nameof(DeleteWorkerDeploymentVersion), static () => DeleteWorkerDeploymentVersionRequest.Parser, static () => DeleteWorkerDeploymentVersionResponse.Parser);

    public static RpcMethod<DeleteWorkerDeploymentRequest, DeleteWorkerDeploymentResponse> DeleteWorkerDeployment { get; } =
        new(Service, nameof(DeleteWorkerDeployment), static () => DeleteWorkerDeploymentRequest.Parser, static () => DeleteWorkerDeploymentResponse.Parser);

    public static RpcMethod<UpdateWorkerDeploymentVersionMetadataRequest, UpdateWorkerDeploymentVersionMetadataResponse> UpdateWorkerDeploymentVersionMetadata { get; } =
        new(Service, nameof(UpdateWorkerDeploymentVersionMetadata), static () => UpdateWorkerDeploymentVersionMetadataRequest.Parser, static () => UpdateWorkerDeploymentVersionMetadataResponse.Parser);

    public static RpcMethod<SetWorkerDeploymentManagerRequest, SetWorkerDeploymentManagerResponse> SetWorkerDeploymentManager { get; } =
        new(Service, nameof(SetWorkerDeploymentManager), static () => SetWorkerDeploymentManagerRequest.Parser, static () => SetWorkerDeploymentManagerResponse.Parser);

    public static RpcMethod<PollNexusTaskQueueRequest, PollNexusTaskQueueResponse> PollNexusTaskQueue { get; } =
        new(Service, nameof(PollNexusTaskQueue), static () => PollNexusTaskQueueRequest.Parser, static () => PollNexusTaskQueueResponse.Parser);
}
