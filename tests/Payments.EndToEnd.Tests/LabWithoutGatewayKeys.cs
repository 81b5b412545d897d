using Payments.Lab.Processes;

namespace Payments.EndToEnd.Tests;

/// <summary>Each try of a charge has a gateway key of its own.</summary>
public sealed class LabWithoutGatewayKeys : LabFixture
{
    protected override IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Settings { get; } =
        new Dictionary<string, IReadOnlyDictionary<string, string>>
        {
            [ProcessNames.Worker] = new Dictionary<string, string> { ["Protection__GatewayKeys"] = "false" },
        };
}
