using Google.Protobuf;
using Microsoft.Extensions.Configuration;
using Payments.Connection;
using Temporalio.Api.Common.V1;

namespace Payments.Workflows.Tests;

public class EncryptionCodecTests
{
    private static readonly Payload Plain = new()
    {
        Metadata = { ["encoding"] = ByteString.CopyFromUtf8("json/plain") },
        Data = ByteString.CopyFromUtf8("{\"customerId\":\"cust-4711\"}"),
    };

    [Fact]
    public async Task EncodeAsync_ThenDecodeAsync_SamePayloadAndNoTraceOfIt()
    {
        var codec = Codec("a", "a");

        var encoded = (await codec.EncodeAsync([Plain])).Single();

        encoded.ToByteString().ToStringUtf8().ShouldNotContain("cust-4711");
        encoded.Metadata["encryption-key-id"].ToStringUtf8().ShouldBe("a");
        (await codec.DecodeAsync([encoded])).Single().ShouldBe(Plain);
    }

    [Fact]
    public async Task DecodeAsync_AfterRotation_OldPayloadsStayReadable()
    {
        var old = (await Codec("a", "a").EncodeAsync([Plain])).Single();
        var rotated = Codec("b", "a", "b");

        (await rotated.DecodeAsync([old])).Single().ShouldBe(Plain);
        (await rotated.EncodeAsync([Plain])).Single().Metadata["encryption-key-id"].ToStringUtf8().ShouldBe("b");
    }

    [Fact]
    public async Task DecodeAsync_TamperedOrRelabelled_Fails()
    {
        var codec = Codec("a", "a", "b");
        var encoded = (await codec.EncodeAsync([Plain])).Single();

        var tampered = encoded.Clone();
        var bytes = tampered.Data.ToByteArray();
        bytes[^1] ^= 1;
        tampered.Data = ByteString.CopyFrom(bytes);
        await Should.ThrowAsync<System.Security.Cryptography.CryptographicException>(() => codec.DecodeAsync([tampered]));

        var relabelled = encoded.Clone();
        relabelled.Metadata["encryption-key-id"] = ByteString.CopyFromUtf8("b");
        await Should.ThrowAsync<System.Security.Cryptography.CryptographicException>(() => codec.DecodeAsync([relabelled]));
    }

    [Fact]
    public async Task DecodeAsync_WrittenBeforeEncryption_Unchanged() => (await Codec("a", "a").DecodeAsync([Plain])).Single().ShouldBe(Plain);

    [Theory]
    [InlineData("missing", "a", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("a", "a", "c2hvcnQ=")]
    [InlineData("a", "a", "not base64!")]
    public void FromConfiguration_WrongKeys_SaysWhichSetting(string active, string id, string key) =>
        Should.Throw<InvalidOperationException>(() => EncryptionCodec.FromConfiguration(Settings(("Encryption:ActiveKey", active), ("Encryption:Keys:" + id, key))))
            .Message.ShouldContain("Encryption:");

    [Fact]
    public void FromConfiguration_NothingSet_NoCodec() => EncryptionCodec.FromConfiguration(Settings()).ShouldBeNull();

    private static EncryptionCodec Codec(string active, params string[] ids) =>
        new(ids.ToDictionary(id => id, id => Enumerable.Repeat((byte)id[0], 32).ToArray()), active);

    private static IConfigurationRoot Settings(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => new KeyValuePair<string, string?>(s.Key, s.Value))).Build();
}
