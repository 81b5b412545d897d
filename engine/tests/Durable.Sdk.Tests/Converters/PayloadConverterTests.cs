using Google.Protobuf;
using Temporalio.Api.Common.V1;
using Temporalio.Converters;

namespace Durable.Sdk.Tests.Converters;

/// <summary>Payloads that do not fit the type that is wanted: an error that says so, never another value.</summary>
public class PayloadConverterTests
{
    private static readonly IPayloadConverter Converter = DataConverter.Default.PayloadConverter;

    [Fact]
    public void Message_OfAnotherType_IsRefused()
    {
        foreach (var payload in new[] { Converter.ToPayload(new WorkflowType { Name = "some" }), Binary(new WorkflowType { Name = "some" }) })
        {
            Converter.ToValue(payload, typeof(WorkflowType)).ShouldBe(new WorkflowType { Name = "some" });
            Refusal(payload, typeof(ActivityType)).ShouldBe(
                "Payload has protobuf message type temporal.api.common.v1.WorkflowType but given type's message type is temporal.api.common.v1.ActivityType");
            Refusal(payload, typeof(string)).ShouldBe("Payload is protobuf message, but type is System.String");
        }
        var nameless = Binary(new WorkflowType());
        nameless.Metadata.Remove("messageType");
        Refusal(nameless, typeof(WorkflowType)).ShouldBe("Payload missing message type");
    }

    [Fact]
    public void Null_AndBytes_FitOnlyTheirTypes()
    {
        var nothing = Converter.ToPayload(null);
        Refusal(nothing, typeof(int)).ShouldBe("Payload is null, but System.Int32 is not nullable");
        Converter.ToValue(nothing, typeof(int?)).ShouldBeNull();
        nothing.Data = ByteString.CopyFromUtf8("x");
        Refusal(nothing, typeof(string)).ShouldBe("Expected empty data for binary/null");
        Refusal(Converter.ToPayload(new byte[] { 1 }), typeof(string)).ShouldBe("Payload is byte array, but type is System.String");
    }

    [Fact]
    public void EncodedValue_HasAnEncodingAlready() =>
        Should.Throw<InvalidOperationException>(() => Converter.ToPayload(new EncodedRawValue(DataConverter.Default, new()))).Message.ShouldBe("Cannot convert IEncodedRawValue");

    private static Payload Binary(IMessage message) => new DefaultPayloadConverter(new BinaryProtoConverter()).ToPayload(message);

    private static string Refusal(Payload payload, Type type) => Should.Throw<ArgumentException>(() => Converter.ToValue(payload, type)).Message;
}
