using System.Globalization;
using System.Text.Json;
using Payments.Domain;

namespace Payments.Ingress;

/// <summary>Reads the bodies of the payment service. Errors name the member and its limit; all are found at once.</summary>
public sealed class PaymentRequests(LimitOptions limits)
{
    public const int DescriptionLengthMax = 500;
    public const int CustomerIdLengthMax = 128;

    public CreateRequest Create(JsonElement body)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var amount = AmountOf(body, errors, required: true) ?? 0;
        var code = TextOf(body, "currency", 3, errors);
        Currency? currency = null;
        if (!errors.ContainsKey("currency") && !Currency.TryParse(code, out currency))
        {
            errors["currency"] = [code is null ? "is required: a three-letter ISO 4217 code." : "is not an ISO 4217 code in upper case."];
        }
        var description = TextOf(body, "description", DescriptionLengthMax, errors);
        var customer = TextOf(body, "customerId", CustomerIdLengthMax, errors);
        var token = TextOf(body, "paymentMethod", PaymentMethod.LengthMax, errors);
        var method = PaymentMethod.Default;
        if (token is not null && !PaymentMethod.TryParse(token, out method))
        {
            errors["paymentMethod"] = ["is not a card token: 'tok_' and lower-case letters, digits or underscores."];
        }
        Stop(errors);
        return new CreateRequest(new Money(amount, currency!), description, customer, method);
    }

    public RefundBody Refund(JsonElement body)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var amount = AmountOf(body, errors, required: false);
        var reason = TextOf(body, "reason", DescriptionLengthMax, errors);
        Stop(errors);
        return new RefundBody(amount, reason);
    }

    public static CancelBody Cancel(JsonElement body)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var reason = TextOf(body, "reason", DescriptionLengthMax, errors);
        Stop(errors);
        return new CancelBody(reason);
    }

    /// <summary>
    /// A body of <c>/api/v1</c> as the body of the same payment elsewhere: exact decimals become minor units, snake-case names camel-case ones. So one key
    /// means one payment, whichever of the two addresses a retry takes.
    /// </summary>
    public static JsonElement FromDecimal(JsonElement body)
    {
        var code = body.TryGetProperty("currency", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString() : null;
        var known = Currency.TryParse(code, out var currency);
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var member in body.EnumerateObject())
            {
                switch (member.Name)
                {
                    case "amount" when known:
                        json.WriteNumber("amount", MinorUnits(member.Value, currency!));
                        break;
                    case "customer_id":
                        json.WritePropertyName("customerId");
                        member.Value.WriteTo(json);
                        break;
                    case "payment_method":
                        json.WritePropertyName("paymentMethod");
                        member.Value.WriteTo(json);
                        break;
                    case "customerId" or "paymentMethod":
                        throw new ProblemException(Problem.Field(member.Name, "is written with an underscore here: customer_id, payment_method."));
                    default:
                        member.WriteTo(json);
                        break;
                }
            }
            json.WriteEndObject();
        }
        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    private static long MinorUnits(JsonElement amount, Currency currency)
    {
        var text = amount.ValueKind switch { JsonValueKind.Number => amount.GetRawText(), JsonValueKind.String => amount.GetString()!, _ => "" };
        return Money.TryParse(text, currency, out var money)
            ? money.MinorUnits
            : throw new ProblemException(Problem.Field("amount", $"must be a decimal with at most {currency.Exponent} places for {currency.Code}."));
    }

    private long? AmountOf(JsonElement body, Dictionary<string, string[]> errors, bool required)
    {
        if (!body.TryGetProperty("amount", out var amount) || amount.ValueKind == JsonValueKind.Null)
        {
            if (required)
            {
                errors["amount"] = ["is required: an integer in minor units of the currency."];
            }
            return null;
        }
        if (amount.ValueKind != JsonValueKind.Number || !amount.TryGetInt64(out var value))
        {
            errors["amount"] = ["must be an integer in minor units of the currency, without quotes or decimals."];
            return null;
        }
        if (value <= 0)
        {
            errors["amount"] = ["must be greater than 0."];
        }
        else if (value > limits.AmountMinorUnits)
        {
            errors["amount"] = [string.Create(CultureInfo.InvariantCulture, $"must be at most {limits.AmountMinorUnits}.")];
        }
        return value;
    }

    private static string? TextOf(JsonElement body, string name, int lengthMax, Dictionary<string, string[]> errors)
    {
        if (!body.TryGetProperty(name, out var member) || member.ValueKind == JsonValueKind.Null)
        {
            return null;
        }
        if (member.ValueKind != JsonValueKind.String)
        {
            errors[name] = ["must be a string."];
            return null;
        }
        var text = member.GetString()!;
        if (text.Length > lengthMax)
        {
            errors[name] = [$"must have at most {lengthMax} characters."];
        }
        return text;
    }

    private static void Stop(Dictionary<string, string[]> errors)
    {
        if (errors.Count > 0)
        {
            var (field, messages) = errors.First();
            throw new ProblemException(new(ProblemType.ValidationFailed, $"{field}: {messages[0]}") { Errors = errors });
        }
    }
}
