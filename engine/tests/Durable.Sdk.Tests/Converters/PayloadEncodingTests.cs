using System.Text;
using Google.Protobuf;
using Temporalio.Api.Common.V1;
using Temporalio.Converters;

namespace Durable.Sdk.Tests.Converters;

/// <summary>Payloads as other SDKs read and write them.</summary>
public class PayloadEncodingTests
{
    private static readonly DefaultPayloadConverter Converter = new();

    private enum Colour
    {
        Red,
        Green,
    }

    public static TheoryData<object?, string, string> Written => new()
    {
        { null, "binary/null", "" },
        { new byte[] { 1, 2 }, "binary/plain", "\u0001\u0002" },
        { "grün <&'+\">", "json/plain", """
            "gr\u00FCn \u003C\u0026\u0027\u002B\u0022\u003E"
            """ },
        { 17, "json/plain", "17" },
        { Colour.Green, "json/plain", "1" },
        { TimeSpan.FromDays(180), "json/plain", "\"180.00:00:00\"" },
        { new DateTime(2024, 2, 29, 1, 2, 3, DateTimeKind.Utc), "json/plain", "\"2024-02-29T01:02:03Z\"" },
        { new { CamelCase = 1, snake_case = (string?)null }, "json/plain", """{"CamelCase":1,"snake_case":null}""" },
        { default(ValueTuple), "json/plain", "{}" },
        { new WorkflowExecution { WorkflowId = "a" }, "json/protobuf", """{ "workflowId": "a" }""" },
    };

    [Theory]
    [MemberData(nameof(Written))]
    public void ToPayload_Value_HasEncodingAndData(object? value, string encoding, string data)
    {
        var payload = Converter.ToPayload(value);

        payload.Metadata["encoding"].ToStringUtf8().ShouldBe(encoding);
        Encoding.UTF8.GetString(payload.Data.Span).ShouldBe(data);
        payload.Metadata.TryGetValue("messageType", out var type);
        type?.ToStringUtf8().ShouldBe(value is IMessage ? "temporal.api.common.v1.WorkflowExecution" : null);
    }

    [Fact]
    public void ToValue_ReadsByTheEncodingOfThePayload()
    {
        Converter.ToValue<string>(Payload("json/plain", "\"text\"")).ShouldBe("text");
        Converter.ToValue<string?>(Payload("binary/null", "")).ShouldBeNull();
        Converter.ToValue<byte[]>(Payload("binary/plain", "ab")).ShouldBe("ab"u8.ToArray());
        var message = Payload("json/protobuf", """{"workflowId":"a","newerField":1}""");
        message.Metadata["messageType"] = ByteString.CopyFromUtf8("temporal.api.common.v1.WorkflowExecution");
        Converter.ToValue<WorkflowExecution>(message).WorkflowId.ShouldBe("a");
        message.Metadata["encoding"] = ByteString.CopyFromUtf8("binary/protobuf");
        message.Data = new WorkflowExecution { WorkflowId = "b" }.ToByteString();
        Converter.ToValue<WorkflowExecution>(message).WorkflowId.ShouldBe("b");
        Converter.ToValue<IRawValue>(Payload("binary/encrypted", "x")).Payload.Data.ToStringUtf8().ShouldBe("x");
    }

    [Fact]
    public void ToValue_PayloadThatIsNotKnown_Throws()
    {
        Should.Throw<ArgumentException>(() => Converter.ToValue<string>(new Payload())).Message.ShouldBe("Payload missing encoding");
        Should.Throw<ArgumentException>(() => Converter.ToValue<string>(Payload("binary/encrypted", "x"))).Message.ShouldBe("Unknown payload encoding binary/encrypted");
        Should.Throw<ArgumentException>(() => new DefaultPayloadConverter(new BinaryNullConverter()).ToPayload(1)).Message.ShouldStartWith("Value of type System.Int32");
    }

    [Fact]
    public void RawValue_GoesThroughAsItIs()
    {
        var payload = Payload("binary/encrypted", "x");

        Converter.ToPayload(new RawValue(payload)).ShouldBeSameAs(payload);
    }

    private static Payload Payload(string encoding, string data) => new()
    {
        Metadata = { ["encoding"] = ByteString.CopyFromUtf8(encoding) },
        Data = ByteString.CopyFromUtf8(data),
    };
}
