using Durable.Protocol.Http2;

namespace Durable.Protocol.Tests.Transport.Http2;

/// <summary>The small codecs of gRPC's headers.</summary>
public sealed class GrpcHeaderTests
{
    [Theory]
    [InlineData("1H", 36_000_000_000)]
    [InlineData("2M", 1_200_000_000)]
    [InlineData("99999999S", 999_999_990_000_000)]
    [InlineData("250m", 2_500_000)]
    [InlineData("7u", 70)]
    [InlineData("1n", 1)]
    [InlineData("0S", 0)]
    public void TimeoutParse_ValidForms_GiveTicks(string header, long ticks)
    {
        GrpcTimeout.TryParse(header, out var timeout).ShouldBeTrue();
        timeout.Ticks.ShouldBe(ticks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("5")]
    [InlineData("-5S")]
    [InlineData("5s")]
    [InlineData("1.5S")]
    [InlineData("123456789S")]
    public void TimeoutParse_OtherForms_AreRefused(string header) => GrpcTimeout.TryParse(header, out _).ShouldBeFalse();

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10_000_000)]
    [InlineData(864_000_000_000)]
    [InlineData(315_360_000_000_000)]
    public void TimeoutFormat_AnyTime_ParsesToNoLess(long ticks)
    {
        GrpcTimeout.TryParse(GrpcTimeout.Format(TimeSpan.FromTicks(ticks)), out var back).ShouldBeTrue();
        back.Ticks.ShouldBeGreaterThanOrEqualTo(Math.Max(0, ticks));
    }

    [Theory]
    [InlineData("AP8H", true)]
    [InlineData("AP8=", true)]
    [InlineData("AP8", true)]
    [InlineData("", true)]
    [InlineData("A", false)]
    [InlineData("not base64!", false)]
    public void BinaryDecode_WithAndWithoutPadding_IsRead(string value, bool expected) => GrpcBinary.TryDecode(value, out _).ShouldBe(expected);

    [Theory]
    [InlineData("plain")]
    [InlineData("a%b")]
    [InlineData("line\r\nbreak\ttab")]
    [InlineData("größer 支払い 💳")]
    public void MessageText_Roundtrip_IsAsciiBetween(string text)
    {
        var encoded = GrpcMessageText.Encode(text);

        encoded.ShouldAllBe(static c => c >= ' ' && c <= '~');
        GrpcMessageText.Decode(encoded).ShouldBe(text);
    }

    [Fact]
    public void MessageTextDecode_BrokenEscape_StaysAsItIs() => GrpcMessageText.Decode("100% sure").ShouldBe("100% sure");
}
