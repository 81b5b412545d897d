namespace Temporalio.Client;

public class ActivityListPaginatedOptions : ICloneable
{
    public ActivityListPaginatedOptions()
    {
    }

    /// <summary>Default 0: as the server likes.</summary>
    public int PageSize { get; set; }

    public RpcOptions? Rpc { get; set; }

    /// <summary>A copy with RPC options of its own.</summary>
    public virtual object Clone()
    {
        var copy = (ActivityListPaginatedOptions)MemberwiseClone();
        copy.Rpc = (RpcOptions?)Rpc?.Clone();
        return copy;
    }
}
