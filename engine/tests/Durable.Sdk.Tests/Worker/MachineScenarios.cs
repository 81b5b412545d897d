namespace Durable.Sdk.Tests.Worker;

internal static class MachineScenarios
{
    public static void RunAll()
    {
    }
}
