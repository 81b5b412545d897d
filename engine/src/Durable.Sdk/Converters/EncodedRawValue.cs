using Temporalio.Api.Common.V1;

namespace Temporalio.Converters;

/// <inheritdoc cref="IEncodedRawValue"/>
public record EncodedRawValue(DataConverter DataConverter, Payload Payload) : IEncodedRawValue
{
    internal static IReadOnlyDictionary<string, IEncodedRawValue> Of(Memo? memo, DataConverter converter) =>
        memo is null
            ? new Dictionary<string, IEncodedRawValue>()
            : memo.Fields.ToDictionary(static field => field.Key, field => (IEncodedRawValue)new EncodedRawValue(converter, field.Value));

    /// <inheritdoc/>
    public Task<object?> ToValueAsync(Type type) => DataConverter.ToValueAsync(Payload, type);

    /// <inheritdoc/>
    public Task<T> ToValueAsync<T>() => DataConverter.ToValueAsync<T>(Payload);
}
