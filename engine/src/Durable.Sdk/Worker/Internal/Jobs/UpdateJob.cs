using Temporalio.Api.Common.V1;

namespace Temporalio.Worker.Internal.Jobs;

/// <summary>An update, from the server or looked up in the history ahead.</summary>
internal sealed class UpdateJob(string id, string protocolInstanceId, string name, IReadOnlyList<Payload> input, IReadOnlyDictionary<string, Payload>? headers, bool runValidator) : ActivationJob(SignalOrUpdate)
{
    public string Id => id;

    public string ProtocolInstanceId => protocolInstanceId;

    public string Name => name;

    /// <summary>Replaced by what the codec makes of it.</summary>
    public IReadOnlyList<Payload> Input { get; set; } = input;

    /// <summary>Replaced by what the codec makes of it.</summary>
    public IReadOnlyDictionary<string, Payload>? Headers { get; set; } = headers;

    public bool RunValidator => runValidator;
}
