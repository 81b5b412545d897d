using Temporalio.Api.Common.V1;

namespace Temporalio.Converters;

/// <inheritdoc cref="IEncodedRawValue"/>
public record EncodedRawValue(DataConverter DataConverter, Payload Payload) : IEncodedRawValue
{
    /// <inheritdoc/>
    public Task<object?> ToValueAsync(Type type) => DataConverter.ToValueAsync(Payload, type);

    /// <inheritdoc/>
    public Task<T> ToValueAsync<T>() => DataConverter.ToValueAsync<T>(Payload);
}
