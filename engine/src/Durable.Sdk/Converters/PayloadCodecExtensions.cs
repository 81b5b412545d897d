using Temporalio.Api.Common.V1;
using Temporalio.Api.Failure.V1;

namespace Temporalio.Converters;

/// <summary>A codec on one payload, and on all that a failure carries.</summary>
public static class PayloadCodecExtensions
{
    public static async Task<Payload> EncodeSingleAsync(this IPayloadCodec codec, Payload payload) =>
        (await codec.EncodeAsync([payload]).ConfigureAwait(false)).Single();

    public static async Task<Payload> DecodeSingleAsync(this IPayloadCodec codec, Payload payload) =>
        (await codec.DecodeAsync([payload]).ConfigureAwait(false)).Single();

    /// <summary>Changes the failure and its causes: details, and attributes that were set apart to be encoded.</summary>
    public static Task EncodeFailureAsync(this IPayloadCodec codec, Failure failure) => ApplyAsync(codec.EncodeAsync, failure);

    /// <summary>Changes the failure and its causes.</summary>
    public static Task DecodeFailureAsync(this IPayloadCodec codec, Failure failure) => ApplyAsync(codec.DecodeAsync, failure);

    private static async Task ApplyAsync(Func<IReadOnlyCollection<Payload>, Task<IReadOnlyCollection<Payload>>> change, Failure failure)
    {
        for (var current = failure; current is not null; current = current.Cause)
        {
            if (current.EncodedAttributes is { } encoded)
            {
                current.EncodedAttributes = (await change([encoded]).ConfigureAwait(false)).Single();
            }
            var details = current.FailureInfoCase switch
            {
                Failure.FailureInfoOneofCase.ApplicationFailureInfo => current.ApplicationFailureInfo.Details,
                Failure.FailureInfoOneofCase.CanceledFailureInfo => current.CanceledFailureInfo.Details,
                Failure.FailureInfoOneofCase.TimeoutFailureInfo => current.TimeoutFailureInfo.LastHeartbeatDetails,
                Failure.FailureInfoOneofCase.ResetWorkflowFailureInfo => current.ResetWorkflowFailureInfo.LastHeartbeatDetails,
                _ => null,
            };
            if (details is { Payloads_.Count: > 0 })
            {
                var changed = (await change([.. details.Payloads_]).ConfigureAwait(false)).ToArray();
                details.Payloads_.Clear();
                details.Payloads_.AddRange(changed);
            }
        }
    }
}
