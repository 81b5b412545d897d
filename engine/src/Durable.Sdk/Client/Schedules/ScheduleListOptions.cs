namespace Temporalio.Client.Schedules;

public class ScheduleListOptions : ICloneable
{
    public ScheduleListOptions()
    {
    }

    /// <summary>A visibility query; null: all.</summary>
    public string? Query { get; set; }

    public RpcOptions? Rpc { get; set; }

    /// <summary>A copy with RPC options of its own.</summary>
    public virtual object Clone()
    {
        var copy = (ScheduleListOptions)MemberwiseClone();
        copy.Rpc = (RpcOptions?)Rpc?.Clone();
        return copy;
    }
}
