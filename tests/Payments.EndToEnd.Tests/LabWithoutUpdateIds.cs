using Payments.Lab.Processes;

namespace Payments.EndToEnd.Tests;

/// <summary>Random workflow and update ids: the engine cannot tell a retry from a new request.</summary>
public sealed class LabWithoutUpdateIds : LabFixture
{
    protected override IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Settings { get; } =
        new Dictionary<string, IReadOnlyDictionary<string, string>>
        {
            [ProcessNames.Ingress] = new Dictionary<string, string> { ["Protection__UpdateIds"] = "false" },
        };
}
