namespace Payments.EndToEnd.Tests;

/// <summary>One lab for the classes in which no process dies.</summary>
[CollectionDefinition(Name)]
public sealed class QuietLab : ICollectionFixture<LabFixture>
{
    public const string Name = "a lab in which no process dies";
}
