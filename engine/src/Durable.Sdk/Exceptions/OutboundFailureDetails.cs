namespace Temporalio.Exceptions;

/// <summary>Details of a failure that was made here.</summary>
public record OutboundFailureDetails(IReadOnlyCollection<object?>? Details) : IFailureDetails
{
    /// <inheritdoc/>
    public int Count => Details?.Count ?? 0;

    /// <inheritdoc/>
    public T ElementAt<T>(int index) => (T)(Details ?? []).ElementAt(index)!;
}
