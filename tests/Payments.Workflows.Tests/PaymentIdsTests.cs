using System.Text.Json;
using Payments.Domain;
using Payments.Ids;

namespace Payments.Workflows.Tests;

public class PaymentIdsTests
{
    [Fact]
    public void Payment_SeparatorsInParts_CannotImitateAnotherPayment() =>
        PaymentIds.Payment("m", "a/b").ShouldNotBe(PaymentIds.Payment("m/a", "b"));

    [Fact]
    public void KeyHash_PartsOfTheScope_DoNotRunIntoEachOther()
    {
        PaymentIds.KeyHash(["ab", "c"], "k").ShouldNotBe(PaymentIds.KeyHash(["a", "bc"], "k"));
        PaymentIds.KeyHash(["a"], "b").ShouldNotBe(PaymentIds.KeyHash(["a", ""], "b"));
        PaymentIds.KeyHash(["a"], "b").Length.ShouldBe(32);
    }

    // The bytes are part of the contract with histories and gateway ledgers that exist: this fails when the function changes.
    [Fact]
    public void KeyHash_KnownInput_KnownHash() =>
        PaymentIds.KeyHash(["default", "PaymentService", "payment-123", "Create"], "unique-key-123").ShouldBe(Known("7:default14:PaymentService11:payment-1236:Create|unique-key-123", 16));

    [Fact]
    public void Ids_LongestParts_StayWithinTheLimit()
    {
        var merchant = new string('m', MerchantId.LengthMax);
        PaymentId.TryParse(new string('ä', PaymentId.EncodedBytesMax / 6), out var longest).ShouldBeTrue();
        var hash = new string('f', 32);

        PaymentIds.Payment(merchant, longest.Value).Length.ShouldBeLessThanOrEqualTo(PaymentIds.BytesMax);
        PaymentIds.Refund(merchant, longest.Value, hash, 999).Length.ShouldBeLessThanOrEqualTo(PaymentIds.BytesMax);
        PaymentIds.Update("Create", hash, new string('f', 16)).Length.ShouldBeLessThanOrEqualTo(PaymentIds.BytesMax);
    }

    [Theory]
    [InlineData("payment-123", true)]
    [InlineData("a b/c%", true)]
    [InlineData("..", false)]
    [InlineData(".", false)]
    [InlineData(" ", false)]
    [InlineData("a\nb", false)]
    [InlineData("", false)]
    public void TryParse_PaymentId_PrintableAndSafeInAUrl(string text, bool valid) => PaymentId.TryParse(text, out var _).ShouldBe(valid);

    [Fact]
    public void TryParse_PaymentIdTooLongOnceEncoded_False() => PaymentId.TryParse(new string('ä', 17), out var _).ShouldBeFalse();

    [Theory]
    [InlineData("""{"amount":10000,"currency":"USD"}""", """{ "currency" : "USD", "amount" : 10000 }""", true)]
    [InlineData("""{"amount":10000}""", """{"amount":10000.0}""", true)]
    [InlineData("""{"amount":10000}""", """{"amount":1e4}""", true)]
    [InlineData("""{"a":1,"description":null}""", """{"a":1}""", true)]
    [InlineData("""{"a":"ä"}""", """{"a":"\u00e4"}""", true)]
    [InlineData("""{"amount":10000}""", """{"amount":10001}""", false)]
    [InlineData("""{"amount":10000}""", """{"amount":"10000"}""", false)]
    [InlineData("""{"a":["x","y"]}""", """{"a":["y","x"]}""", false)]
    [InlineData("""{"a":"1\"b"}""", """{"a":"1","b":""}""", false)]
    [InlineData("""{"a":{}}""", """{"a":[]}""", false)]
    public void Fingerprint_TwoBodies_SameWhenTheyMeanTheSame(string left, string right, bool same)
    {
        var first = Fingerprint.Of("Create", "p", JsonDocument.Parse(left).RootElement);
        var second = Fingerprint.Of("Create", "p", JsonDocument.Parse(right).RootElement);

        (first == second).ShouldBe(same);
        first.Length.ShouldBe(16);
    }

    [Fact]
    public void Fingerprint_OtherHandlerOrPath_OtherFingerprint()
    {
        var body = JsonDocument.Parse("{}").RootElement;

        new[] { Fingerprint.Of("Create", "p", body), Fingerprint.Of("Refund", "p", body), Fingerprint.Of("Create", "q", body) }.Distinct().Count().ShouldBe(3);
    }

    private static string Known(string text, int bytes) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)).AsSpan(0, bytes));
}
