namespace Payments.Gateway.Mock.Faults;

/// <summary>What a rule does; those that end in <c>-after</c> act when the decision is on the disk.</summary>
public static class FaultActions
{
    public const string Fail = "fail";
    public const string FailAfter = "fail-after";
    public const string Decline = "decline";
    public const string Delay = "delay";
    public const string DelayAfter = "delay-after";
    public const string Drop = "drop";
    public const string DropAfter = "drop-after";
    public const string Hold = "hold";
    public const string HoldAfter = "hold-after";

    public static readonly IReadOnlyList<string> All = [Fail, FailAfter, Decline, Delay, DelayAfter, Drop, DropAfter, Hold, HoldAfter];
}
