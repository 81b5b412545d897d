using Temporalio.Api.Common.V1;

namespace Temporalio.Converters;

/// <summary>Turns payloads into others, for encryption or compression. Outside of workflows, so it may wait.</summary>
public interface IPayloadCodec
{
    /// <returns>As many as came.</returns>
    Task<IReadOnlyCollection<Payload>> EncodeAsync(IReadOnlyCollection<Payload> payloads);

    /// <returns>As many as came.</returns>
    Task<IReadOnlyCollection<Payload>> DecodeAsync(IReadOnlyCollection<Payload> payloads);
}
