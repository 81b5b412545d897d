using Temporalio.Api.OperatorService.V1;

namespace Durable.Protocol;

/// <summary>The methods of <c>temporal.api.operatorservice.v1.OperatorService</c>.</summary>
public static class OperatorServiceMethods
{
    public const string Service = "temporal.api.operatorservice.v1.OperatorService";

    public static RpcMethod<AddSearchAttributesRequest, AddSearchAttributesResponse> AddSearchAttributes { get; } =
        new(Service, nameof(AddSearchAttributes), AddSearchAttributesRequest.Parser, AddSearchAttributesResponse.Parser);

    public static RpcMethod<RemoveSearchAttributesRequest, RemoveSearchAttributesResponse> RemoveSearchAttributes { get; } =
        new(Service, nameof(RemoveSearchAttributes), RemoveSearchAttributesRequest.Parser, RemoveSearchAttributesResponse.Parser);

    public static RpcMethod<ListSearchAttributesRequest, ListSearchAttributesResponse> ListSearchAttributes { get; } =
        new(Service, nameof(ListSearchAttributes), ListSearchAttributesRequest.Parser, ListSearchAttributesResponse.Parser);

    public static RpcMethod<DeleteNamespaceRequest, DeleteNamespaceResponse> DeleteNamespace { get; } =
        new(Service, nameof(DeleteNamespace), DeleteNamespaceRequest.Parser, DeleteNamespaceResponse.Parser);

    public static RpcMethod<AddOrUpdateRemoteClusterRequest, AddOrUpdateRemoteClusterResponse> AddOrUpdateRemoteCluster { get; } =
        new(Service, nameof(AddOrUpdateRemoteCluster), AddOrUpdateRemoteClusterRequest.Parser, AddOrUpdateRemoteClusterResponse.Parser);

    public static RpcMethod<RemoveRemoteClusterRequest, RemoveRemoteClusterResponse> RemoveRemoteCluster { get; } =
        new(Service, nameof(RemoveRemoteCluster), RemoveRemoteClusterRequest.Parser, RemoveRemoteClusterResponse.Parser);

    public static RpcMethod<ListClustersRequest, ListClustersResponse> ListClusters { get; } =
        new(Service, nameof(ListClusters), ListClustersRequest.Parser, ListClustersResponse.Parser);
}
