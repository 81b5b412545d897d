namespace Temporalio.Worker.Internal.Runs;

/// <summary>What histories say about who wrote them. The name is the official SDK's: histories are made by, and replay with, its rules.</summary>
internal static class SdkName
{
    public const string Name = "temporal-dotnet";
    public const string Version = "1.14.1.0";
}
