using Temporalio.Api.Common.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Converters;

namespace Temporalio.Client.Internal;

/// <summary>The codec on everything of a failure that is a payload, through its causes.</summary>
internal static class FailureCoding
{
    public static async Task DecodeAsync(IPayloadCodec codec, Failure failure)
    {
        for (var current = failure; current is not null; current = current.Cause)
        {
            if (current.EncodedAttributes is { } encoded)
            {
                current.EncodedAttributes = (await codec.DecodeAsync([encoded]).ConfigureAwait(false)).Single();
            }
            var details = current.FailureInfoCase switch
            {
                Failure.FailureInfoOneofCase.ApplicationFailureInfo => current.ApplicationFailureInfo.Details,
                Failure.FailureInfoOneofCase.CanceledFailureInfo => current.CanceledFailureInfo.Details,
                Failure.FailureInfoOneofCase.TimeoutFailureInfo => current.TimeoutFailureInfo.LastHeartbeatDetails,
                _ => null,
            };
            if (details is { Payloads_.Count: > 0 })
            {
                var decoded = (await codec.DecodeAsync(details.Payloads_).ConfigureAwait(false)).ToArray();
                details.Payloads_.Clear();
                details.Payloads_.AddRange(decoded);
            }
        }
    }
}
