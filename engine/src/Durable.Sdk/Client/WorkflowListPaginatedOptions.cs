namespace Temporalio.Client;

public class WorkflowListPaginatedOptions : ICloneable
{
    public WorkflowListPaginatedOptions()
    {
    }

    public int PageSize { get; set; }

    public RpcOptions? Rpc { get; set; }

    public virtual object Clone() => MemberwiseClone();
}
