using Temporalio.Api.Common.V1;

namespace Temporalio.Worker.Internal.Jobs;

/// <summary>A signal.</summary>
internal sealed class SignalJob(string name, IReadOnlyList<Payload> input, IReadOnlyDictionary<string, Payload>? headers) : ActivationJob(SignalOrUpdate)
{
    public string Name => name;

    /// <summary>Replaced by what the codec makes of it.</summary>
    public IReadOnlyList<Payload> Input { get; set; } = input;

    /// <summary>Replaced by what the codec makes of it.</summary>
    public IReadOnlyDictionary<string, Payload>? Headers { get; set; } = headers;
}
