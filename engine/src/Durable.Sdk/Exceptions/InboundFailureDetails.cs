using Temporalio.Api.Common.V1;
using Temporalio.Converters;

namespace Temporalio.Exceptions;

/// <summary>Details of a recorded failure, converted when they are asked for.</summary>
public record InboundFailureDetails(IPayloadConverter Converter, IReadOnlyCollection<Payload>? Payloads) : IFailureDetails
{
    internal InboundFailureDetails(IPayloadConverter converter, Payloads? payloads)
        : this(converter, payloads?.Payloads_)
    {
    }

    /// <inheritdoc/>
    public int Count => Payloads?.Count ?? 0;

    /// <inheritdoc/>
    public T ElementAt<T>(int index) => (T)Converter.ToValue((Payloads ?? []).ElementAt(index), typeof(T))!;
}
