namespace Temporalio.Client.Schedules;

public class ScheduleListOptions : ICloneable
{
    public ScheduleListOptions()
    {
    }

    /// <summary>A visibility query; null: all.</summary>
    public string? Query { get; set; }

    public RpcOptions? Rpc { get; set; }

    public virtual object Clone() => MemberwiseClone();
}
