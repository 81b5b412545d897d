using Temporalio.Api.OperatorService.V1;

namespace Durable.Protocol;

/// <summary>The methods of <c>temporal.api.operatorservice.v1.OperatorService</c>.</summary>
public static class OperatorServiceMethods
{
    public const string Service = "temporal.api.operatorservice.v1.OperatorService";

    public static RpcMethod<AddSearchAttributesRequest, AddSearchAttributesResponse> AddSearchAttributes { get; } =
        new(Service, nameof(AddSearchAttributes), static () => AddSearchAttributesRequest.Parser, static () => AddSearchAttributesResponse.Parser);

    public static RpcMethod<RemoveSearchAttributesRequest, RemoveSearchAttributesResponse> RemoveSearchAttributes { get; } =
        new(Service, nameof(RemoveSearchAttributes), static () => RemoveSearchAttributesRequest.Parser, static () => RemoveSearchAttributesResponse.Parser);

    public static RpcMethod<ListSearchAttributesRequest, ListSearchAttributesResponse> ListSearchAttributes { get; } =
        new(Service, nameof(ListSearchAttributes), static () => ListSearchAttributesRequest.Parser, static () => ListSearchAttributesResponse.Parser);

    public static RpcMethod<DeleteNamespaceRequest, DeleteNamespaceResponse> DeleteNamespace { get; } =
        new(Service, nameof(DeleteNamespace), static () => DeleteNamespaceRequest.Parser, static () => DeleteNamespaceResponse.Parser);

    public static RpcMethod<AddOrUpdateRemoteClusterRequest, AddOrUpdateRemoteClusterResponse> AddOrUpdateRemoteCluster { get; } =
        new(Service, nameof(AddOrUpdateRemoteCluster), static () => AddOrUpdateRemoteClusterRequest.Parser, static () => AddOrUpdateRemoteClusterResponse.Parser);

    public static RpcMethod<RemoveRemoteClusterRequest, RemoveRemoteClusterResponse> RemoveRemoteCluster { get; } =
        new(Service, nameof(RemoveRemoteCluster), static () => RemoveRemoteClusterRequest.Parser, static () => RemoveRemoteClusterResponse.Parser);

    public static RpcMethod<ListClustersRequest, ListClustersResponse> ListClusters { get; } =
        new(Service, nameof(ListClusters), static () => ListClustersRequest.Parser, static () => ListClustersResponse.Parser);
}
