namespace Temporalio.Converters;

/// <summary>How values and failures become payloads, and what happens to these on the way to the server.</summary>
public record DataConverter(
    IPayloadConverter PayloadConverter,
    IFailureConverter FailureConverter,
    IPayloadCodec? PayloadCodec = null) : IWithSerializationContext<DataConverter>
{
    /// <summary>JSON, default failures, no codec.</summary>
    public static DataConverter Default { get; } = new(new DefaultPayloadConverter(), new DefaultFailureConverter());

    /// <summary>This one, unless a part of it wants to know the context.</summary>
    public virtual DataConverter WithSerializationContext(ISerializationContext context)
    {
        var payloads = PayloadConverter is IWithSerializationContext<IPayloadConverter> p ? p.WithSerializationContext(context) : PayloadConverter;
        var failures = FailureConverter is IWithSerializationContext<IFailureConverter> f ? f.WithSerializationContext(context) : FailureConverter;
        var codec = PayloadCodec is IWithSerializationContext<IPayloadCodec> c ? c.WithSerializationContext(context) : PayloadCodec;
        return ReferenceEquals(payloads, PayloadConverter) && ReferenceEquals(failures, FailureConverter) && ReferenceEquals(codec, PayloadCodec)
            ? this
            : this with { PayloadConverter = payloads, FailureConverter = failures, PayloadCodec = codec };
    }
}
