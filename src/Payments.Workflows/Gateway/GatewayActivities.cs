namespace Payments.Workflows;

/// <summary>Names of the activities, so that workflows call them without building expressions.</summary>
public static class GatewayActivities
{
    public const string Charge = "Charge";
    public const string FindCharge = "FindCharge";
    public const string VoidCharge = "VoidCharge";
    public const string Refund = "Refund";
    public const string FindRefunds = "FindRefunds";
}
