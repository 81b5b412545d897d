namespace Temporalio.Common;

/// <summary>A metric of any kind.</summary>
public abstract class Metric
{
    private protected Metric(string name, string? unit, string? description)
    {
        Name = name;
        Unit = unit;
        Description = description;
    }

    public string Name { get; }

    public string? Unit { get; }

    public string? Description { get; }
}
