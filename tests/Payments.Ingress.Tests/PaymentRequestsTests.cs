using System.Text.Json;

namespace Payments.Ingress.Tests;

public class PaymentRequestsTests
{
    private static readonly PaymentRequests Requests = new(new LimitOptions());

    [Theory]
    [InlineData("""{"amount":10000,"currency":"USD"}""")]
    [InlineData("""{"amount":1,"currency":"JPY","description":"d","customerId":"c","paymentMethod":"tok_declined"}""")]
    [InlineData("""{"amount":99999999999,"currency":"KWD","unknown":{"member":true}}""")]
    [InlineData("""{"amount":5,"currency":"EUR","description":null,"customerId":null,"paymentMethod":null}""")]
    [InlineData("""{"amount":1000.0,"currency":"USD"}""")]
    [InlineData("""{"amount":1e3,"currency":"USD"}""")]
    public void Create_Valid_Accepted(string body) => Requests.Create(Json(body)).Amount.MinorUnits.ShouldBeGreaterThan(0);

    [Theory]
    [InlineData("""{}""", "amount,currency")]
    [InlineData("""{"currency":"USD"}""", "amount")]
    [InlineData("""{"amount":null,"currency":"USD"}""", "amount")]
    [InlineData("""{"amount":0,"currency":"USD"}""", "amount")]
    [InlineData("""{"amount":-1,"currency":"USD"}""", "amount")]
    [InlineData("""{"amount":100000000000,"currency":"USD"}""", "amount")]
    [InlineData("""{"amount":99999999999999999999,"currency":"USD"}""", "amount")]
    [InlineData("""{"amount":10.5,"currency":"USD"}""", "amount")]
    [InlineData("""{"amount":1e-3,"currency":"USD"}""", "amount")]
    [InlineData("""{"amount":1e400,"currency":"USD"}""", "amount")]
    [InlineData("""{"amount":10.00000000000000000000000000000000001,"currency":"USD"}""", "amount")]
    [InlineData("""{"amount":"100","currency":"USD"}""", "amount")]
    [InlineData("""{"amount":true,"currency":"USD"}""", "amount")]
    [InlineData("""{"amount":100}""", "currency")]
    [InlineData("""{"amount":100,"currency":"usd"}""", "currency")]
    [InlineData("""{"amount":100,"currency":"XYZ"}""", "currency")]
    [InlineData("""{"amount":100,"currency":"US DOLLARS"}""", "currency")]
    [InlineData("""{"amount":100,"currency":840}""", "currency")]
    [InlineData("""{"amount":100,"currency":"USD","paymentMethod":"card"}""", "paymentMethod")]
    [InlineData("""{"amount":100,"currency":"USD","paymentMethod":"tok_"}""", "paymentMethod")]
    [InlineData("""{"amount":100,"currency":"USD","paymentMethod":"tok_A"}""", "paymentMethod")]
    [InlineData("""{"amount":100,"currency":"USD","customerId":7}""", "customerId")]
    [InlineData("""{"amount":-5,"currency":"nope","paymentMethod":"x"}""", "amount,currency,paymentMethod")]
    public void Create_Invalid_NamesEachMember(string body, string members) =>
        Should.Throw<ProblemException>(() => Requests.Create(Json(body))).Problem.Errors!.Keys.ShouldBe(members.Split(','));

    [Fact]
    public void Create_TextTooLong_SaysTheLimit()
    {
        var body = JsonSerializer.SerializeToElement(new { amount = 1, currency = "USD", description = new string('x', 501), customerId = new string('x', 129) });

        var errors = Should.Throw<ProblemException>(() => Requests.Create(body)).Problem.Errors!;

        errors["description"].Single().ShouldContain("500");
        errors["customerId"].Single().ShouldContain("128");
    }

    [Theory]
    [InlineData("""{"amount":12.34,"currency":"USD"}""", """{"amount":1234,"currency":"USD"}""")]
    [InlineData("""{"amount":"12.34","currency":"USD"}""", """{"amount":1234,"currency":"USD"}""")]
    [InlineData("""{"amount":0.1,"currency":"USD"}""", """{"amount":10,"currency":"USD"}""")]
    [InlineData("""{"amount":1.5e1,"currency":"USD"}""", """{"amount":1500,"currency":"USD"}""")]
    [InlineData("""{"amount":12.3400,"currency":"USD"}""", """{"amount":1234,"currency":"USD"}""")]
    [InlineData("""{"amount":1234,"currency":"JPY"}""", """{"amount":1234,"currency":"JPY"}""")]
    [InlineData("""{"amount":1.001,"currency":"KWD","customer_id":"c","payment_method":"tok_fraud"}""", """{"amount":1001,"currency":"KWD","customerId":"c","paymentMethod":"tok_fraud"}""")]
    public void FromDecimal_Exact_BodyOfTheSamePayment(string body, string minor) => PaymentRequests.FromDecimal(Json(body)).GetRawText().ShouldBe(minor);

    [Theory]
    [InlineData("""{"amount":12.345,"currency":"USD"}""", "amount")]
    [InlineData("""{"amount":1.5,"currency":"JPY"}""", "amount")]
    [InlineData("""{"amount":"1e2","currency":"USD"}""", "amount")]
    [InlineData("""{"amount":1.0005e1,"currency":"USD"}""", "amount")]
    [InlineData("""{"amount":10.00000000000000000000000000000000001,"currency":"USD"}""", "amount")]
    [InlineData("""{"amount":true,"currency":"USD"}""", "amount")]
    [InlineData("""{"amount":1.50}""", "currency")]
    [InlineData("""{"amount":1.50,"currency":"usd"}""", "currency")]
    [InlineData("""{"amount":1,"currency":"USD","customerId":"c"}""", "customerId")]
    public void FromDecimal_NotExact_NamesTheMember(string body, string member) =>
        Should.Throw<ProblemException>(() => PaymentRequests.FromDecimal(Json(body))).Problem.Errors!.Keys.ShouldBe([member]);

    [Theory]
    [InlineData("""{}""", null)]
    [InlineData("""{"amount":null}""", null)]
    [InlineData("""{"amount":500,"reason":"late"}""", 500L)]
    public void Refund_Valid_AmountOrTheRest(string body, long? amount) => Requests.Refund(Json(body)).AmountMinorUnits.ShouldBe(amount);

    [Theory]
    [InlineData("""{"amount":0}""")]
    [InlineData("""{"amount":-1}""")]
    [InlineData("""{"amount":"1"}""")]
    [InlineData("""{"reason":1}""")]
    public void Refund_Invalid_Refused(string body) => Should.Throw<ProblemException>(() => Requests.Refund(Json(body)));

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
