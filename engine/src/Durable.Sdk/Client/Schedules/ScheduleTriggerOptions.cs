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

    public virtual object Clone() => MemberwiseClone();
}
