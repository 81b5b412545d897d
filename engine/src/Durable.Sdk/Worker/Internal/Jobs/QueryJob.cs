using Temporalio.Api.Common.V1;

namespace Temporalio.Worker.Internal.Jobs;

/// <summary>A query.</summary>
internal sealed class QueryJob(string queryId, string type, IReadOnlyList<Payload> arguments, IReadOnlyDictionary<string, Payload>? headers) : ActivationJob(Query)
{
    public string QueryId => queryId;

    public string Type => type;

    /// <summary>Replaced by what the codec makes of it.</summary>
    public IReadOnlyList<Payload> Arguments { get; set; } = arguments;

    /// <summary>Replaced by what the codec makes of it.</summary>
    public IReadOnlyDictionary<string, Payload>? Headers { get; set; } = headers;
}
