using Temporalio.Api.Common.V1;
using Temporalio.Api.Failure.V1;

namespace Temporalio.Converters;

public static partial class ConverterExtensions
{
    /// <summary>Converts, then encodes.</summary>
    public static async Task<Payload> ToPayloadAsync(this DataConverter converter, object? value)
    {
        var payload = converter.PayloadConverter.ToPayload(value);
        return converter.PayloadCodec is { } codec ? await codec.EncodeSingleAsync(payload).ConfigureAwait(false) : payload;
    }

    /// <summary>Converts, then encodes all together.</summary>
    public static async Task<IReadOnlyCollection<Payload>> ToPayloadsAsync(this DataConverter converter, IReadOnlyCollection<object?> values)
    {
        var payloads = converter.PayloadConverter.ToPayloads(values);
        return converter.PayloadCodec is { } codec && payloads.Count > 0 ? await codec.EncodeAsync(payloads).ConfigureAwait(false) : payloads;
    }

    /// <summary>Decodes, then converts.</summary>
    public static async Task<object?> ToValueAsync(this DataConverter converter, Payload payload, Type type)
    {
        if (converter.PayloadCodec is { } codec)
        {
            payload = await codec.DecodeSingleAsync(payload).ConfigureAwait(false);
        }
        return converter.PayloadConverter.ToValue(payload, type);
    }

    /// <summary>Decodes, then converts.</summary>
    public static async Task<T> ToValueAsync<T>(this DataConverter converter, Payload payload) =>
        (T)(await converter.ToValueAsync(payload, typeof(T)).ConfigureAwait(false))!;

    /// <summary>Decodes and converts the only payload.</summary>
    /// <exception cref="ArgumentException">There is none, or more than one.</exception>
    public static Task<object?> ToSingleValueAsync(this DataConverter converter, IReadOnlyCollection<Payload> payloads, Type type) =>
        payloads.Count == 1
            ? converter.ToValueAsync(payloads.First(), type)
            : throw new ArgumentException($"Expected 1 payload, found {payloads.Count}", nameof(payloads));

    /// <summary>Decodes and converts the only payload.</summary>
    /// <exception cref="ArgumentException">There is none, or more than one.</exception>
    public static async Task<T> ToSingleValueAsync<T>(this DataConverter converter, IReadOnlyCollection<Payload> payloads) =>
        (T)(await converter.ToSingleValueAsync(payloads, typeof(T)).ConfigureAwait(false))!;

    /// <summary>Converts, then encodes the payloads within.</summary>
    public static async Task<Failure> ToFailureAsync(this DataConverter converter, Exception exc)
    {
        var failure = converter.FailureConverter.ToFailure(exc, converter.PayloadConverter);
        if (converter.PayloadCodec is { } codec)
        {
            failure = failure.Clone();
            await codec.EncodeFailureAsync(failure).ConfigureAwait(false);
        }
        return failure;
    }

    /// <summary>Decodes the payloads within, then converts.</summary>
    public static async Task<Exception> ToExceptionAsync(this DataConverter converter, Failure failure)
    {
        if (converter.PayloadCodec is { } codec)
        {
            failure = failure.Clone();
            await codec.DecodeFailureAsync(failure).ConfigureAwait(false);
        }
        return converter.FailureConverter.ToException(failure, converter.PayloadConverter);
    }
}
