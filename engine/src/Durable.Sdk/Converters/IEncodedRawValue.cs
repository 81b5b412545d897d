using Temporalio.Api.Common.V1;

namespace Temporalio.Converters;

/// <summary>A value as the server has it: still to be decoded and converted.</summary>
public interface IEncodedRawValue
{
    Payload Payload { get; }

    Task<object?> ToValueAsync(Type type);

    Task<T> ToValueAsync<T>();
}
