namespace Temporalio.Client;

public class ActivityListPaginatedOptions : ICloneable
{
    public ActivityListPaginatedOptions()
    {
    }

    /// <summary>Default 0: as the server likes.</summary>
    public int PageSize { get; set; }

    public RpcOptions? Rpc { get; set; }

    public virtual object Clone() => MemberwiseClone();
}
