namespace Temporalio.Worker.Tuning;

/// <summary>What a used slot is used for.</summary>
public record SlotInfo
{
    private SlotInfo()
    {
    }

    public record WorkflowSlotInfo(string WorkflowType, bool IsSticky) : SlotInfo();

    public record ActivitySlotInfo(string ActivityType) : SlotInfo();

    public record LocalActivitySlotInfo(string ActivityType) : SlotInfo();

    public record NexusOperationSlotInfo(string ServiceHandlerType, string OperationName) : SlotInfo();
}
