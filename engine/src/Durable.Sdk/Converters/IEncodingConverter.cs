using System.Diagnostics.CodeAnalysis;
using Temporalio.Api.Common.V1;

namespace Temporalio.Converters;

/// <summary>Converts to and from one encoding.</summary>
public interface IEncodingConverter
{
    /// <summary>What payloads say under "encoding".</summary>
    string Encoding { get; }

    /// <returns>False: the value is for another converter.</returns>
    bool TryToPayload(object? value, out Payload? payload);

    object? ToValue(Payload payload, Type type);
}
