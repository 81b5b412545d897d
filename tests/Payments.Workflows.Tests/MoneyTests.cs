using Payments.Domain;

namespace Payments.Workflows.Tests;

public class MoneyTests
{
    [Theory]
    [InlineData("USD", 1, "0.01")]
    [InlineData("USD", 100, "1.00")]
    [InlineData("USD", 123456, "1234.56")]
    [InlineData("JPY", 1234, "1234")]
    [InlineData("KWD", 1234, "1.234")]
    [InlineData("CLF", 5, "0.0005")]
    [InlineData("EUR", -5, "-0.05")]
    [InlineData("EUR", long.MaxValue, "92233720368547758.07")]
    public void ToDecimalString_ByExponent_ExactAndBack(string code, long minorUnits, string text)
    {
        Currency.TryParse(code, out var currency).ShouldBeTrue();

        new Money(minorUnits, currency!).ToDecimalString().ShouldBe(text);
        Money.TryParse(text, currency!, out var back).ShouldBeTrue();
        back.MinorUnits.ShouldBe(minorUnits);
    }

    [Theory]
    [InlineData("USD", "0.001")]
    [InlineData("JPY", "1.5")]
    [InlineData("USD", "1e3")]
    [InlineData("USD", "1,000")]
    [InlineData("USD", "")]
    [InlineData("USD", "92233720368547758.08")]
    [InlineData("USD", "99999999999999999999999999999")]
    [InlineData("USD", "1.000000000000000000000000000001")]
    public void TryParse_NotExactlyRepresentable_False(string code, string text)
    {
        Currency.TryParse(code, out var currency).ShouldBeTrue();

        Money.TryParse(text, currency!, out var _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("USD", true)]
    [InlineData("usd", false)]
    [InlineData("XXX", false)]
    [InlineData("XAU", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void TryParse_CurrencyCode_OnlyIso4217InUpperCase(string? code, bool known) => Currency.TryParse(code, out var _).ShouldBe(known);
}
