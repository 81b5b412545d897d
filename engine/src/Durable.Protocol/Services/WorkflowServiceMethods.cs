using Temporalio.Api.WorkflowService.V1;

namespace Durable.Protocol;

/// <summary>The methods of <c>temporal.api.workflowservice.v1.WorkflowService</c>.</summary>
public static class WorkflowServiceMethods
{
    public const string Service = "temporal.api.workflowservice.v1.WorkflowService";

    public static RpcMethod<RegisterNamespaceRequest, RegisterNamespaceResponse> RegisterNamespace { get; } =
        new(Service, nameof(RegisterNamespace), RegisterNamespaceRequest.Parser, RegisterNamespaceResponse.Parser);

    public static RpcMethod<DescribeNamespaceRequest, DescribeNamespaceResponse> DescribeNamespace { get; } =
        new(Service, nameof(DescribeNamespace), DescribeNamespaceRequest.Parser, DescribeNamespaceResponse.Parser);

    public static RpcMethod<ListNamespacesRequest, ListNamespacesResponse> ListNamespaces { get; } =
        new(Service, nameof(ListNamespaces), ListNamespacesRequest.Parser, ListNamespacesResponse.Parser);

    public static RpcMethod<UpdateNamespaceRequest, UpdateNamespaceResponse> UpdateNamespace { get; } =
        new(Service, nameof(UpdateNamespace), UpdateNamespaceRequest.Parser, UpdateNamespaceResponse.Parser);

    public static RpcMethod<DeprecateNamespaceRequest, DeprecateNamespaceResponse> DeprecateNamespace { get; } =
        new(Service, nameof(DeprecateNamespace), DeprecateNamespaceRequest.Parser, DeprecateNamespaceResponse.Parser);

    public static RpcMethod<StartWorkflowExecutionRequest, StartWorkflowExecutionResponse> StartWorkflowExecution { get; } =
        new(Service, nameof(StartWorkflowExecution), StartWorkflowExecutionRequest.Parser, StartWorkflowExecutionResponse.Parser);

    public static RpcMethod<ExecuteMultiOperationRequest, ExecuteMultiOperationResponse> ExecuteMultiOperation { get; } =
        new(Service, nameof(ExecuteMultiOperation), ExecuteMultiOperationRequest.Parser, ExecuteMultiOperationResponse.Parser);

    public static RpcMethod<GetWorkflowExecutionHistoryRequest, GetWorkflowExecutionHistoryResponse> GetWorkflowExecutionHistory { get; } =
        new(Service, nameof(GetWorkflowExecutionHistory), GetWorkflowExecutionHistoryRequest.Parser, GetWorkflowExecutionHistoryResponse.Parser);

    public static RpcMethod<GetWorkflowExecutionHistoryReverseRequest, GetWorkflowExecutionHistoryReverseResponse> GetWorkflowExecutionHistoryReverse { get; } =
        new(Service, nameof(GetWorkflowExecutionHistoryReverse), GetWorkflowExecutionHistoryReverseRequest.Parser, GetWorkflowExecutionHistoryReverseResponse.Parser);

    public static RpcMethod<PollWorkflowTaskQueueRequest, PollWorkflowTaskQueueResponse> PollWorkflowTaskQueue { get; } =
        new(Service, nameof(PollWorkflowTaskQueue), PollWorkflowTaskQueueRequest.Parser, PollWorkflowTaskQueueResponse.Parser);

    public static RpcMethod<RespondWorkflowTaskCompletedRequest, RespondWorkflowTaskCompletedResponse> RespondWorkflowTaskCompleted { get; } =
        new(Service, nameof(RespondWorkflowTaskCompleted), RespondWorkflowTaskCompletedRequest.Parser, RespondWorkflowTaskCompletedResponse.Parser);

    public static RpcMethod<RespondWorkflowTaskFailedRequest, RespondWorkflowTaskFailedResponse> RespondWorkflowTaskFailed { get; } =
        new(Service, nameof(RespondWorkflowTaskFailed), RespondWorkflowTaskFailedRequest.Parser, RespondWorkflowTaskFailedResponse.Parser);

    public static RpcMethod<PollActivityTaskQueueRequest, PollActivityTaskQueueResponse> PollActivityTaskQueue { get; } =
        new(Service, nameof(PollActivityTaskQueue), PollActivityTaskQueueRequest.Parser, PollActivityTaskQueueResponse.Parser);

    public static RpcMethod<RecordActivityTaskHeartbeatRequest, RecordActivityTaskHeartbeatResponse> RecordActivityTaskHeartbeat { get; } =
        new(Service, nameof(RecordActivityTaskHeartbeat), RecordActivityTaskHeartbeatRequest.Parser, RecordActivityTaskHeartbeatResponse.Parser);

    public static RpcMethod<RecordActivityTaskHeartbeatByIdRequest, RecordActivityTaskHeartbeatByIdResponse> RecordActivityTaskHeartbeatById { get; } =
        new(Service, nameof(RecordActivityTaskHeartbeatById), RecordActivityTaskHeartbeatByIdRequest.Parser, RecordActivityTaskHeartbeatByIdResponse.Parser);

    public static RpcMethod<RespondActivityTaskCompletedRequest, RespondActivityTaskCompletedResponse> RespondActivityTaskCompleted { get; } =
        new(Service, nameof(RespondActivityTaskCompleted), RespondActivityTaskCompletedRequest.Parser, RespondActivityTaskCompletedResponse.Parser);

    public static RpcMethod<RespondActivityTaskCompletedByIdRequest, RespondActivityTaskCompletedByIdResponse> RespondActivityTaskCompletedById { get; } =
        new(Service, nameof(RespondActivityTaskCompletedById), RespondActivityTaskCompletedByIdRequest.Parser, RespondActivityTaskCompletedByIdResponse.Parser);

    public static RpcMethod<RespondActivityTaskFailedRequest, RespondActivityTaskFailedResponse> RespondActivityTaskFailed { get; } =
        new(Service, nameof(RespondActivityTaskFailed), RespondActivityTaskFailedRequest.Parser, RespondActivityTaskFailedResponse.Parser);

    public static RpcMethod<RespondActivityTaskFailedByIdRequest, RespondActivityTaskFailedByIdResponse> RespondActivityTaskFailedById { get; } =
        new(Service, nameof(RespondActivityTaskFailedById), RespondActivityTaskFailedByIdRequest.Parser, RespondActivityTaskFailedByIdResponse.Parser);

    public static RpcMethod<RespondActivityTaskCanceledRequest, RespondActivityTaskCanceledResponse> RespondActivityTaskCanceled { get; } =
        new(Service, nameof(RespondActivityTaskCanceled), RespondActivityTaskCanceledRequest.Parser, RespondActivityTaskCanceledResponse.Parser);

    public static RpcMethod<RespondActivityTaskCanceledByIdRequest, RespondActivityTaskCanceledByIdResponse> RespondActivityTaskCanceledById { get; } =
        new(Service, nameof(RespondActivityTaskCanceledById), RespondActivityTaskCanceledByIdRequest.Parser, RespondActivityTaskCanceledByIdResponse.Parser);

    public static RpcMethod<RequestCancelWorkflowExecutionRequest, RequestCancelWorkflowExecutionResponse> RequestCancelWorkflowExecution { get; } =
        new(Service, nameof(RequestCancelWorkflowExecution), RequestCancelWorkflowExecutionRequest.Parser, RequestCancelWorkflowExecutionResponse.Parser);

    public static RpcMethod<SignalWorkflowExecutionRequest, SignalWorkflowExecutionResponse> SignalWorkflowExecution { get; } =
        new(Service, nameof(SignalWorkflowExecution), SignalWorkflowExecutionRequest.Parser, SignalWorkflowExecutionResponse.Parser);

    public static RpcMethod<SignalWithStartWorkflowExecutionRequest, SignalWithStartWorkflowExecutionResponse> SignalWithStartWorkflowExecution { get; } =
        new(Service, nameof(SignalWithStartWorkflowExecution), SignalWithStartWorkflowExecutionRequest.Parser, SignalWithStartWorkflowExecutionResponse.Parser);

    public static RpcMethod<ResetWorkflowExecutionRequest, ResetWorkflowExecutionResponse> ResetWorkflowExecution { get; } =
        new(Service, nameof(ResetWorkflowExecution), ResetWorkflowExecutionRequest.Parser, ResetWorkflowExecutionResponse.Parser);

    public static RpcMethod<TerminateWorkflowExecutionRequest, TerminateWorkflowExecutionResponse> TerminateWorkflowExecution { get; } =
        new(Service, nameof(TerminateWorkflowExecution), TerminateWorkflowExecutionRequest.Parser, TerminateWorkflowExecutionResponse.Parser);

    public static RpcMethod<DeleteWorkflowExecutionRequest, DeleteWorkflowExecutionResponse> DeleteWorkflowExecution { get; } =
        new(Service, nameof(DeleteWorkflowExecution), DeleteWorkflowExecutionRequest.Parser, DeleteWorkflowExecutionResponse.Parser);

    public static RpcMethod<ListOpenWorkflowExecutionsRequest, ListOpenWorkflowExecutionsResponse> ListOpenWorkflowExecutions { get; } =
        new(Service, nameof(ListOpenWorkflowExecutions), ListOpenWorkflowExecutionsRequest.Parser, ListOpenWorkflowExecutionsResponse.Parser);

    public static RpcMethod<ListClosedWorkflowExecutionsRequest, ListClosedWorkflowExecutionsResponse> ListClosedWorkflowExecutions { get; } =
        new(Service, nameof(ListClosedWorkflowExecutions), ListClosedWorkflowExecutionsRequest.Parser, ListClosedWorkflowExecutionsResponse.Parser);

    public static RpcMethod<ListWorkflowExecutionsRequest, ListWorkflowExecutionsResponse> ListWorkflowExecutions { get; } =
        new(Service, nameof(ListWorkflowExecutions), ListWorkflowExecutionsRequest.Parser, ListWorkflowExecutionsResponse.Parser);

    public static RpcMethod<ListArchivedWorkflowExecutionsRequest, ListArchivedWorkflowExecutionsResponse> ListArchivedWorkflowExecutions { get; } =
        new(Service, nameof(ListArchivedWorkflowExecutions), ListArchivedWorkflowExecutionsRequest.Parser, ListArchivedWorkflowExecutionsResponse.Parser);

    public static RpcMethod<ScanWorkflowExecutionsRequest, ScanWorkflowExecutionsResponse> ScanWorkflowExecutions { get; } =
        new(Service, nameof(ScanWorkflowExecutions), ScanWorkflowExecutionsRequest.Parser, ScanWorkflowExecutionsResponse.Parser);

    public static RpcMethod<CountWorkflowExecutionsRequest, CountWorkflowExecutionsResponse> CountWorkflowExecutions { get; } =
        new(Service, nameof(CountWorkflowExecutions), CountWorkflowExecutionsRequest.Parser, CountWorkflowExecutionsResponse.Parser);

    public static RpcMethod<GetSearchAttributesRequest, GetSearchAttributesResponse> GetSearchAttributes { get; } =
        new(Service, nameof(GetSearchAttributes), GetSearchAttributesRequest.Parser, GetSearchAttributesResponse.Parser);

    public static RpcMethod<RespondQueryTaskCompletedRequest, RespondQueryTaskCompletedResponse> RespondQueryTaskCompleted { get; } =
        new(Service, nameof(RespondQueryTaskCompleted), RespondQueryTaskCompletedRequest.Parser, RespondQueryTaskCompletedResponse.Parser);

    public static RpcMethod<ResetStickyTaskQueueRequest, ResetStickyTaskQueueResponse> ResetStickyTaskQueue { get; } =
        new(Service, nameof(ResetStickyTaskQueue), ResetStickyTaskQueueRequest.Parser, ResetStickyTaskQueueResponse.Parser);

    public static RpcMethod<ShutdownWorkerRequest, ShutdownWorkerResponse> ShutdownWorker { get; } =
        new(Service, nameof(ShutdownWorker), ShutdownWorkerRequest.Parser, ShutdownWorkerResponse.Parser);

    public static RpcMethod<QueryWorkflowRequest, QueryWorkflowResponse> QueryWorkflow { get; } =
        new(Service, nameof(QueryWorkflow), QueryWorkflowRequest.Parser, QueryWorkflowResponse.Parser);

    public static RpcMethod<DescribeWorkflowExecutionRequest, DescribeWorkflowExecutionResponse> DescribeWorkflowExecution { get; } =
        new(Service, nameof(DescribeWorkflowExecution), DescribeWorkflowExecutionRequest.Parser, DescribeWorkflowExecutionResponse.Parser);

    public static RpcMethod<DescribeTaskQueueRequest, DescribeTaskQueueResponse> DescribeTaskQueue { get; } =
        new(Service, nameof(DescribeTaskQueue), DescribeTaskQueueRequest.Parser, DescribeTaskQueueResponse.Parser);

    public static RpcMethod<GetClusterInfoRequest, GetClusterInfoResponse> GetClusterInfo { get; } =
        new(Service, nameof(GetClusterInfo), GetClusterInfoRequest.Parser, GetClusterInfoResponse.Parser);

    public static RpcMethod<GetSystemInfoRequest, GetSystemInfoResponse> GetSystemInfo { get; } =
        new(Service, nameof(GetSystemInfo), GetSystemInfoRequest.Parser, GetSystemInfoResponse.Parser);

    public static RpcMethod<ListTaskQueuePartitionsRequest, ListTaskQueuePartitionsResponse> ListTaskQueuePartitions { get; } =
        new(Service, nameof(ListTaskQueuePartitions), ListTaskQueuePartitionsRequest.Parser, ListTaskQueuePartitionsResponse.Parser);

    public static RpcMethod<CreateScheduleRequest, CreateScheduleResponse> CreateSchedule { get; } =
        new(Service, nameof(CreateSchedule), CreateScheduleRequest.Parser, CreateScheduleResponse.Parser);

    public static RpcMethod<DescribeScheduleRequest, DescribeScheduleResponse> DescribeSchedule { get; } =
        new(Service, nameof(DescribeSchedule), DescribeScheduleRequest.Parser, DescribeScheduleResponse.Parser);

    public static RpcMethod<UpdateScheduleRequest, UpdateScheduleResponse> UpdateSchedule { get; } =
        new(Service, nameof(UpdateSchedule), UpdateScheduleRequest.Parser, UpdateScheduleResponse.Parser);

    public static RpcMethod<PatchScheduleRequest, PatchScheduleResponse> PatchSchedule { get; } =
        new(Service, nameof(PatchSchedule), PatchScheduleRequest.Parser, PatchScheduleResponse.Parser);

    public static RpcMethod<ListScheduleMatchingTimesRequest, ListScheduleMatchingTimesResponse> ListScheduleMatchingTimes { get; } =
        new(Service, nameof(ListScheduleMatchingTimes), ListScheduleMatchingTimesRequest.Parser, ListScheduleMatchingTimesResponse.Parser);

    public static RpcMethod<DeleteScheduleRequest, DeleteScheduleResponse> DeleteSchedule { get; } =
        new(Service, nameof(DeleteSchedule), DeleteScheduleRequest.Parser, DeleteScheduleResponse.Parser);

    public static RpcMethod<ListSchedulesRequest, ListSchedulesResponse> ListSchedules { get; } =
        new(Service, nameof(ListSchedules), ListSchedulesRequest.Parser, ListSchedulesResponse.Parser);

    public static RpcMethod<CountSchedulesRequest, CountSchedulesResponse> CountSchedules { get; } =
        new(Service, nameof(CountSchedules), CountSchedulesRequest.Parser, CountSchedulesResponse.Parser);

    public static RpcMethod<DescribeDeploymentRequest, DescribeDeploymentResponse> DescribeDeployment { get; } =
        new(Service, nameof(DescribeDeployment), DescribeDeploymentRequest.Parser, DescribeDeploymentResponse.Parser);

    public static RpcMethod<ListDeploymentsRequest, ListDeploymentsResponse> ListDeployments { get; } =
        new(Service, nameof(ListDeployments), ListDeploymentsRequest.Parser, ListDeploymentsResponse.Parser);

    public static RpcMethod<GetDeploymentReachabilityRequest, GetDeploymentReachabilityResponse> GetDeploymentReachability { get; } =
        new(Service, nameof(GetDeploymentReachability), GetDeploymentReachabilityRequest.Parser, GetDeploymentReachabilityResponse.Parser);

    public static RpcMethod<GetCurrentDeploymentRequest, GetCurrentDeploymentResponse> GetCurrentDeployment { get; } =
        new(Service, nameof(GetCurrentDeployment), GetCurrentDeploymentRequest.Parser, GetCurrentDeploymentResponse.Parser);

    public static RpcMethod<SetCurrentDeploymentRequest, SetCurrentDeploymentResponse> SetCurrentDeployment { get; } =
        new(Service, nameof(SetCurrentDeployment), SetCurrentDeploymentRequest.Parser, SetCurrentDeploymentResponse.Parser);

    public static RpcMethod<UpdateWorkflowExecutionRequest, UpdateWorkflowExecutionResponse> UpdateWorkflowExecution { get; } =
        new(Service, nameof(UpdateWorkflowExecution), UpdateWorkflowExecutionRequest.Parser, UpdateWorkflowExecutionResponse.Parser);

    public static RpcMethod<PollWorkflowExecutionUpdateRequest, PollWorkflowExecutionUpdateResponse> PollWorkflowExecutionUpdate { get; } =
        new(Service, nameof(PollWorkflowExecutionUpdate), PollWorkflowExecutionUpdateRequest.Parser, PollWorkflowExecutionUpdateResponse.Parser);

    public static RpcMethod<StartBatchOperationRequest, StartBatchOperationResponse> StartBatchOperation { get; } =
        new(Service, nameof(StartBatchOperation), StartBatchOperationRequest.Parser, StartBatchOperationResponse.Parser);

    public static RpcMethod<StopBatchOperationRequest, StopBatchOperationResponse> StopBatchOperation { get; } =
        new(Service, nameof(StopBatchOperation), StopBatchOperationRequest.Parser, StopBatchOperationResponse.Parser);

    public static RpcMethod<DescribeBatchOperationRequest, DescribeBatchOperationResponse> DescribeBatchOperation { get; } =
        new(Service, nameof(DescribeBatchOperation), DescribeBatchOperationRequest.Parser, DescribeBatchOperationResponse.Parser);

    public static RpcMethod<ListBatchOperationsRequest, ListBatchOperationsResponse> ListBatchOperations { get; } =
        new(Service, nameof(ListBatchOperations), ListBatchOperationsRequest.Parser, ListBatchOperationsResponse.Parser);

    public static RpcMethod<UpdateActivityOptionsRequest, UpdateActivityOptionsResponse> UpdateActivityOptions { get; } =
        new(Service, nameof(UpdateActivityOptions), UpdateActivityOptionsRequest.Parser, UpdateActivityOptionsResponse.Parser);

    public static RpcMethod<UpdateWorkflowExecutionOptionsRequest, UpdateWorkflowExecutionOptionsResponse> UpdateWorkflowExecutionOptions { get; } =
        new(Service, nameof(UpdateWorkflowExecutionOptions), UpdateWorkflowExecutionOptionsRequest.Parser, UpdateWorkflowExecutionOptionsResponse.Parser);

    public static RpcMethod<PauseActivityRequest, PauseActivityResponse> PauseActivity { get; } =
        new(Service, nameof(PauseActivity), PauseActivityRequest.Parser, PauseActivityResponse.Parser);

    public static RpcMethod<UnpauseActivityRequest, UnpauseActivityResponse> UnpauseActivity { get; } =
        new(Service, nameof(UnpauseActivity), UnpauseActivityRequest.Parser, UnpauseActivityResponse.Parser);

    public static RpcMethod<ResetActivityRequest, ResetActivityResponse> ResetActivity { get; } =
        new(Service, nameof(ResetActivity), ResetActivityRequest.Parser, ResetActivityResponse.Parser);

    public static RpcMethod<RecordWorkerHeartbeatRequest, RecordWorkerHeartbeatResponse> RecordWorkerHeartbeat { get; } =
        new(Service, nameof(RecordWorkerHeartbeat), RecordWorkerHeartbeatRequest.Parser, RecordWorkerHeartbeatResponse.Parser);

    public static RpcMethod<ListWorkersRequest, ListWorkersResponse> ListWorkers { get; } =
        new(Service, nameof(ListWorkers), ListWorkersRequest.Parser, ListWorkersResponse.Parser);

    public static RpcMethod<CountWorkersRequest, CountWorkersResponse> CountWorkers { get; } =
        new(Service, nameof(CountWorkers), CountWorkersRequest.Parser, CountWorkersResponse.Parser);

    public static RpcMethod<UpdateTaskQueueConfigRequest, UpdateTaskQueueConfigResponse> UpdateTaskQueueConfig { get; } =
        new(Service, nameof(UpdateTaskQueueConfig), UpdateTaskQueueConfigRequest.Parser, UpdateTaskQueueConfigResponse.Parser);

    public static RpcMethod<FetchWorkerConfigRequest, FetchWorkerConfigResponse> FetchWorkerConfig { get; } =
        new(Service, nameof(FetchWorkerConfig), FetchWorkerConfigRequest.Parser, FetchWorkerConfigResponse.Parser);

    public static RpcMethod<UpdateWorkerConfigRequest, UpdateWorkerConfigResponse> UpdateWorkerConfig { get; } =
        new(Service, nameof(UpdateWorkerConfig), UpdateWorkerConfigRequest.Parser, UpdateWorkerConfigResponse.Parser);

    public static RpcMethod<DescribeWorkerRequest, DescribeWorkerResponse> DescribeWorker { get; } =
        new(Service, nameof(DescribeWorker), DescribeWorkerRequest.Parser, DescribeWorkerResponse.Parser);

    public static RpcMethod<PauseWorkflowExecutionRequest, PauseWorkflowExecutionResponse> PauseWorkflowExecution { get; } =
        new(Service, nameof(PauseWorkflowExecution), PauseWorkflowExecutionRequest.Parser, PauseWorkflowExecutionResponse.Parser);

    public static RpcMethod<UnpauseWorkflowExecutionRequest, UnpauseWorkflowExecutionResponse> UnpauseWorkflowExecution { get; } =
        new(Service, nameof(UnpauseWorkflowExecution), UnpauseWorkflowExecutionRequest.Parser, UnpauseWorkflowExecutionResponse.Parser);

    public static RpcMethod<StartActivityExecutionRequest, StartActivityExecutionResponse> StartActivityExecution { get; } =
        new(Service, nameof(StartActivityExecution), StartActivityExecutionRequest.Parser, StartActivityExecutionResponse.Parser);

    public static RpcMethod<DescribeActivityExecutionRequest, DescribeActivityExecutionResponse> DescribeActivityExecution { get; } =
        new(Service, nameof(DescribeActivityExecution), DescribeActivityExecutionRequest.Parser, DescribeActivityExecutionResponse.Parser);

    public static RpcMethod<PollActivityExecutionRequest, PollActivityExecutionResponse> PollActivityExecution { get; } =
        new(Service, nameof(PollActivityExecution), PollActivityExecutionRequest.Parser, PollActivityExecutionResponse.Parser);

    public static RpcMethod<ListActivityExecutionsRequest, ListActivityExecutionsResponse> ListActivityExecutions { get; } =
        new(Service, nameof(ListActivityExecutions), ListActivityExecutionsRequest.Parser, ListActivityExecutionsResponse.Parser);

    public static RpcMethod<CountActivityExecutionsRequest, CountActivityExecutionsResponse> CountActivityExecutions { get; } =
        new(Service, nameof(CountActivityExecutions), CountActivityExecutionsRequest.Parser, CountActivityExecutionsResponse.Parser);

    public static RpcMethod<RequestCancelActivityExecutionRequest, RequestCancelActivityExecutionResponse> RequestCancelActivityExecution { get; } =
        new(Service, nameof(RequestCancelActivityExecution), RequestCancelActivityExecutionRequest.Parser, RequestCancelActivityExecutionResponse.Parser);

    public static RpcMethod<TerminateActivityExecutionRequest, TerminateActivityExecutionResponse> TerminateActivityExecution { get; } =
        new(Service, nameof(TerminateActivityExecution), TerminateActivityExecutionRequest.Parser, TerminateActivityExecutionResponse.Parser);

    public static RpcMethod<DeleteActivityExecutionRequest, DeleteActivityExecutionResponse> DeleteActivityExecution { get; } =
        new(Service, nameof(DeleteActivityExecution), DeleteActivityExecutionRequest.Parser, DeleteActivityExecutionResponse.Parser);

    public static RpcMethod<PauseActivityExecutionRequest, PauseActivityExecutionResponse> PauseActivityExecution { get; } =
        new(Service, nameof(PauseActivityExecution), PauseActivityExecutionRequest.Parser, PauseActivityExecutionResponse.Parser);

    public static RpcMethod<ResetActivityExecutionRequest, ResetActivityExecutionResponse> ResetActivityExecution { get; } =
        new(Service, nameof(ResetActivityExecution), ResetActivityExecutionRequest.Parser, ResetActivityExecutionResponse.Parser);

    public static RpcMethod<UnpauseActivityExecutionRequest, UnpauseActivityExecutionResponse> UnpauseActivityExecution { get; } =
        new(Service, nameof(UnpauseActivityExecution), UnpauseActivityExecutionRequest.Parser, UnpauseActivityExecutionResponse.Parser);

    public static RpcMethod<UpdateActivityExecutionOptionsRequest, UpdateActivityExecutionOptionsResponse> UpdateActivityExecutionOptions { get; } =
        new(Service, nameof(UpdateActivityExecutionOptions), UpdateActivityExecutionOptionsRequest.Parser, UpdateActivityExecutionOptionsResponse.Parser);

    public static RpcMethod<PollWorkflowExecutionTimeSkippingRequest, PollWorkflowExecutionTimeSkippingResponse> PollWorkflowExecutionTimeSkipping { get; } =
        new(Service, nameof(PollWorkflowExecutionTimeSkipping), PollWorkflowExecutionTimeSkippingRequest.Parser, PollWorkflowExecutionTimeSkippingResponse.Parser);
}
