using Temporalio.Api.Common.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Converters;

namespace Temporalio.Client.Internal;

/// <summary>Values to payloads and back, through the codec.</summary>
internal static class Coding
{
    public static async ValueTask<Payloads?> EncodeAsync(this DataConverter converter, IReadOnlyCollection<object?> values)
    {
        if (values.Count == 0)
        {
            return null;
        }
        var payloads = new Payloads();
        foreach (var value in values)
        {
            payloads.Payloads_.Add(value is IRawValue raw ? raw.Payload : converter.PayloadConverter.ToPayload(value));
        }
        if (converter.PayloadCodec is { } codec)
        {
            var encoded = await codec.EncodeAsync(payloads.Payloads_).ConfigureAwait(false);
            payloads = new Payloads();
            payloads.Payloads_.AddRange(encoded);
        }
        return payloads;
    }

    public static async ValueTask<Payload> EncodeOneAsync(this DataConverter converter, object? value) =>
        (await converter.EncodeAsync([value]).ConfigureAwait(false))!.Payloads_[0];

    /// <summary>The first payload; the default of the type when there is none.</summary>
    public static async ValueTask<T> DecodeAsync<T>(this DataConverter converter, Payloads? payloads)
    {
        if (payloads is null || payloads.Payloads_.Count == 0)
        {
            return default!;
        }
        var payload = payloads.Payloads_[0];
        if (converter.PayloadCodec is { } codec)
        {
            payload = (await codec.DecodeAsync([payload]).ConfigureAwait(false)).Single();
        }
        return typeof(T) == typeof(IRawValue) ? (T)(object)new RawValue(payload) : converter.PayloadConverter.ToValue<T>(payload);
    }

    public static async ValueTask<Exception> DecodeAsync(this DataConverter converter, Failure failure)
    {
        if (converter.PayloadCodec is { } codec)
        {
            failure = failure.Clone();
            await FailureCoding.DecodeAsync(codec, failure).ConfigureAwait(false);
        }
        return converter.FailureConverter.ToException(failure, converter.PayloadConverter);
    }
}
