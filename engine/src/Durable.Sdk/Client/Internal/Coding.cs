using Temporalio.Api.Common.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.Sdk.V1;
using Temporalio.Converters;

namespace Temporalio.Client.Internal;

/// <summary>Values to payloads and back, through the codec.</summary>
internal static class Coding
{
    /// <summary>The converter for values of one workflow.</summary>
    public static DataConverter For(this DataConverter converter, string @namespace, string workflowId) =>
        converter.WithSerializationContext(new ISerializationContext.Workflow(@namespace, workflowId));

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

    /// <summary>A value that came encoded from the server goes back as it is.</summary>
    public static async ValueTask<Payload> EncodeOnceAsync(this DataConverter converter, object? value) =>
        value is IEncodedRawValue encoded ? encoded.Payload : await converter.EncodeOneAsync(value).ConfigureAwait(false);

    public static async ValueTask<Memo?> MemoAsync(this DataConverter converter, IReadOnlyDictionary<string, object>? values)
    {
        if (values is null || values.Count == 0)
        {
            return null;
        }
        var memo = new Memo();
        foreach (var (name, value) in values)
        {
            if (value is null)
            {
                throw new ArgumentException($"Memo value for {name} is null");
            }
            memo.Fields[name] = await converter.EncodeOnceAsync(value).ConfigureAwait(false);
        }
        return memo;
    }

    public static async ValueTask<UserMetadata?> UserMetadataAsync(this DataConverter converter, string? summary, string? details) =>
        summary is null && details is null
            ? null
            : new UserMetadata
            {
                Summary = summary is null ? null : await converter.EncodeOneAsync(summary).ConfigureAwait(false),
                Details = details is null ? null : await converter.EncodeOneAsync(details).ConfigureAwait(false),
            };

    /// <summary>Headers are payloads already; the codec is for them too.</summary>
    public static async ValueTask<Header?> HeaderAsync(this DataConverter converter, IDictionary<string, Payload>? headers)
    {
        if (headers is null || headers.Count == 0)
        {
            return null;
        }
        var header = new Header();
        foreach (var (name, value) in headers)
        {
            header.Fields[name] = converter.PayloadCodec is { } codec ? await codec.EncodeSingleAsync(value).ConfigureAwait(false) : value;
        }
        return header;
    }

    /// <summary>All payloads, through the codec.</summary>
    public static async ValueTask<IReadOnlyCollection<Payload>> DecodedAsync(this DataConverter converter, Payloads payloads) =>
        converter.PayloadCodec is { } codec ? await codec.DecodeAsync(payloads.Payloads_).ConfigureAwait(false) : payloads.Payloads_;

    /// <summary>The first payload; the default of the type when there is none, or when nobody wants it: <see cref="ValueTuple"/>.</summary>
    public static async ValueTask<T> DecodeAsync<T>(this DataConverter converter, Payloads? payloads)
    {
        if (payloads is null || payloads.Payloads_.Count == 0 || typeof(T) == typeof(ValueTuple))
        {
            return default!;
        }
        var payload = payloads.Payloads_[0];
        if (converter.PayloadCodec is { } codec)
        {
            payload = await codec.DecodeSingleAsync(payload).ConfigureAwait(false);
        }
        return typeof(T) == typeof(IRawValue) ? (T)(object)new RawValue(payload) : converter.PayloadConverter.ToValue<T>(payload);
    }

    public static async Task<string?> TextAsync(this DataConverter converter, Payload? payload) =>
        payload is null ? null : await converter.ToValueAsync<string>(payload).ConfigureAwait(false);

    public static async ValueTask<Exception> DecodeAsync(this DataConverter converter, Failure failure)
    {
        if (converter.PayloadCodec is { } codec)
        {
            failure = failure.Clone();
            await codec.DecodeFailureAsync(failure).ConfigureAwait(false);
        }
        return converter.FailureConverter.ToException(failure, converter.PayloadConverter);
    }
}
