namespace Temporalio.Exceptions;

/// <summary>Values that go with a failure.</summary>
public interface IFailureDetails
{
    int Count { get; }

    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    T ElementAt<T>(int index);
}
