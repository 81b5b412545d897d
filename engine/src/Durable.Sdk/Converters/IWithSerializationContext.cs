namespace Temporalio.Converters;

/// <summary>A converter or codec that works in another way for each workflow or activity.</summary>
public interface IWithSerializationContext<T>
{
    T WithSerializationContext(ISerializationContext context);
}
