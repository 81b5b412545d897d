using Temporalio.Api.Enums.V1;

namespace Temporalio.Client.Schedules;

public class ScheduleTriggerOptions
{
    public ScheduleTriggerOptions()
    {
    }

    /// <summary>Unspecified: as the schedule says.</summary>
    public ScheduleOverlapPolicy Overlap { get; set; }

    public RpcOptions? Rpc { get; set; }

    /// <summary>A copy with RPC options of its own.</summary>
    public virtual object Clone()
    {
        var copy = (ScheduleTriggerOptions)MemberwiseClone();
        copy.Rpc = (RpcOptions?)Rpc?.Clone();
        return copy;
    }
}
