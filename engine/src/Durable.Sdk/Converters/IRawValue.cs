using Temporalio.Api.Common.V1;

namespace Temporalio.Converters;

/// <summary>A value that is not converted: as argument or result it goes through as it is.</summary>
public interface IRawValue
{
    Payload Payload { get; }
}
