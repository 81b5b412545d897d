namespace Temporalio.Runtime;

/// <summary>A metric of a custom meter.</summary>
public interface ICustomMetric<T>
    where T : struct
{
}
