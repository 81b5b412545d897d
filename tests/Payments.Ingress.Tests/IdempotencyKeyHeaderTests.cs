using Microsoft.Extensions.Primitives;

namespace Payments.Ingress.Tests;

public class IdempotencyKeyHeaderTests
{
    [Theory]
    [InlineData("unique-key-123", "unique-key-123")]
    [InlineData("\"unique-key-123\"", "unique-key-123")]
    [InlineData(" key ", "key")]
    [InlineData("\"a\\\"b\\\\c\"", "a\"b\\c")]
    [InlineData("\"key\";a=1", "key")]
    [InlineData("\"a,b\"", "a,b")]
    [InlineData("8e03978e-40d5-43dd-bc93-6894a57f9324", "8e03978e-40d5-43dd-bc93-6894a57f9324")]
    [InlineData("~!#$%&'()*+-./:;<=>?@[]^_`{|}", "~!#$%&'()*+-./:;<=>?@[]^_`{|}")]
    public void Parse_WellFormed_Key(string header, string key) => IdempotencyKeyHeader.Parse(header).ShouldBe((key, null));

    [Theory]
    [InlineData("")]
    [InlineData("\"\"")]
    [InlineData("two words")]
    [InlineData("\"two words\"")]
    [InlineData("\"open")]
    [InlineData("\"a\"b")]
    [InlineData("\"a\\b\"")]
    [InlineData("schlüssel")]
    [InlineData("a,b")]
    [InlineData("\"a\", \"b\"")]
    [InlineData("tab\tbed")]
    public void Parse_Malformed_ErrorAndNoKey(string header)
    {
        var (key, error) = IdempotencyKeyHeader.Parse(header);

        key.ShouldBeNull();
        error.ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public void Parse_Length_AtMost255(int length, bool valid) => (IdempotencyKeyHeader.Parse(new string('k', length)).Key is not null).ShouldBe(valid);

    [Theory]
    [InlineData("a,b", "a,b")]
    [InlineData("\"a,b\"", "a,b")]
    [InlineData("two words", null)]
    public void ParseValue_NoHeader_ACommaIsPartOfTheKey(string value, string? key) => IdempotencyKeyHeader.ParseValue(value).Key.ShouldBe(key);

    [Fact]
    public void Parse_TwoValues_Error() => IdempotencyKeyHeader.Parse(new StringValues(["a", "b"])).Error.ShouldNotBeNull();

    [Fact]
    public void Parse_Absent_NeitherKeyNorError() => IdempotencyKeyHeader.Parse(StringValues.Empty).ShouldBe((null, null));
}
