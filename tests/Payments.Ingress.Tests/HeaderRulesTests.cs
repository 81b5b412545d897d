using System.Text.Json;
using Microsoft.Extensions.Primitives;

namespace Payments.Ingress.Tests;

public class HeaderRulesTests
{
    [Theory]
    [InlineData(null, 30, false, true)]
    [InlineData("wait=0", 0, false, true)]
    [InlineData("wait=60", 60, false, true)]
    [InlineData("WAIT = 5", 5, false, true)]
    [InlineData("respond-async", 30, true, true)]
    [InlineData("respond-async, wait=10", 10, true, true)]
    [InlineData("return=minimal; wait=3", 3, false, true)]
    [InlineData("handling=lenient", 30, false, true)]
    [InlineData("wait=\"5\"", 5, false, true)]
    [InlineData("wait=5, wait=10", 5, false, true)]
    [InlineData("wait=61", 0, false, false)]
    [InlineData("wait=-1", 0, false, false)]
    [InlineData("wait=1.5", 0, false, false)]
    [InlineData("wait=", 0, false, false)]
    [InlineData("wait=\"", 0, false, false)]
    public void Parse_Prefer_WaitAndAsync(string? header, int seconds, bool respondAsync, bool valid)
    {
        var (value, error) = Preferences.Parse(header is null ? StringValues.Empty : header, new IdempotencyOptions());

        (error is null).ShouldBe(valid);
        if (valid)
        {
            value.ShouldBe(new Preferences(TimeSpan.FromSeconds(seconds), respondAsync));
        }
    }

    [Theory]
    [InlineData("PT10S", 10)]
    [InlineData("PT1M30S", 90)]
    [InlineData("P1D", 86400)]
    [InlineData("P1DT1M", 86460)]
    [InlineData("10s", 10)]
    [InlineData("500ms", 0.5)]
    [InlineData("1.5m", 90)]
    [InlineData("2h", 7200)]
    [InlineData("1d", 86400)]
    [InlineData("10", -1)]
    [InlineData("s", -1)]
    [InlineData("-5s", -1)]
    [InlineData("P1Y", -1)]
    [InlineData("P1M", -1)]
    [InlineData("PT", -1)]
    [InlineData("ten seconds", -1)]
    [InlineData("99999999999d", -1)]
    public void TryParse_Delay_IsoOrShort(string text, double seconds)
    {
        // -1: refused.
        Delay.TryParse(text, out var delay).ShouldBe(seconds >= 0);
        if (seconds >= 0)
        {
            delay.TotalSeconds.ShouldBe(seconds);
        }
    }

    // Numbers that are published for testing, and numbers that only look like cards.
    [Theory]
    [InlineData("4242424242424242", true)]
    [InlineData("4242 4242 4242 4242", true)]
    [InlineData("4000-0566-5566-5556", true)]
    [InlineData("card 378282246310005 please", true)]
    [InlineData("4222222222222", true)]
    [InlineData("4242424242424241", false)]
    [InlineData("424242424242", false)]
    [InlineData("0000000000000000", false)]
    [InlineData("tok_success", false)]
    [InlineData("42424242424242424242", false)]
    [InlineData("2026-01-02T03:04:05", false)]
    public void Holds_Text_CardNumberByLuhn(string text, bool card) => CardNumbers.Holds(text).ShouldBe(card);

    [Theory]
    [InlineData("""{"description":"4242 4242 4242 4242"}""", "description")]
    [InlineData("""{"meta":{"cards":["x",{"number":4242424242424242}]}}""", "meta.cards[].number")]
    [InlineData("""{"4242424242424242":1}""", "(a member name)")]
    [InlineData("""{"amount":10000,"currency":"USD"}""", null)]
    public void Find_Body_PathOfTheCardNumber(string json, string? path) => CardNumbers.Find(JsonDocument.Parse(json).RootElement).ShouldBe(path);
}
