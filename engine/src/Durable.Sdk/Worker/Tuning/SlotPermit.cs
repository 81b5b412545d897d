namespace Temporalio.Worker.Tuning;

/// <summary>The right to run one task.</summary>
public class SlotPermit
{
    public SlotPermit()
    {
    }

    public SlotPermit(object data) => UserData = data;

    /// <summary>Whatever the supplier wants to find again on release.</summary>
    public object? UserData { get; init; }
}
