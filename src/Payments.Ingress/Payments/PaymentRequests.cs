using System.Globalization;
using System.Text.Json;
using Payments.Domain;

namespace Payments.Ingress;

/// <summary>Reads the bodies of the payment service. Errors name the member and its limit; all are found at once.</summary>
public sealed class PaymentRequests(LimitOptions limits)
{
    public const int DescriptionLengthMax = 500;
    public const int CustomerIdLengthMax = 128;

    /// <summary>Counts minor units: a currency without decimals.</summary>
    private static readonly Currency MinorUnit = new("minor units", 0);

    public CreateRequest Create(JsonElement body)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var amount = AmountOf(body, errors, required: true) ?? 0;
        var code = TextOf(body, "currency", 3, errors);
        Currency? currency = null;
        if (!errors.ContainsKey("currency") && !Currency.TryParse(code, out currency))
        {
            errors["currency"] = [NoCurrency(code)];
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
        if (!Currency.TryParse(code, out var currency))
        {
            // Without it nobody knows what the amount is.
            throw new ProblemException(Problem.Field("currency", NoCurrency(code)));
        }
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var member in body.EnumerateObject())
            {
                switch (member.Name)
                {
                    case "amount" when member.Value.ValueKind != JsonValueKind.Null:
                        json.WriteNumber("amount", MinorUnits(member.Value, currency));
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

    /// <summary>The same errors by the names that a caller of <c>/api/v1</c> has written.</summary>
    public static Problem NamedAsDecimal(Problem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        static string Name(string member) => member switch { "customerId" => "customer_id", "paymentMethod" => "payment_method", _ => member };
        if (problem.Errors is not { Count: > 0 } errors)
        {
            return problem;
        }
        var named = errors.ToDictionary(error => Name(error.Key), error => error.Value, StringComparer.Ordinal);
        var (field, messages) = named.First();
        return problem with { Detail = $"{field}: {messages[0]}", Errors = named };
    }

    private static string NoCurrency(string? code) => code is null ? "is required: a three-letter ISO 4217 code." : "is not an ISO 4217 code in upper case.";

    private static long MinorUnits(JsonElement amount, Currency currency)
    {
        var isNumber = amount.ValueKind == JsonValueKind.Number;
        var text = isNumber ? amount.GetRawText() : amount.ValueKind == JsonValueKind.String ? amount.GetString()! : "";
        return Money.TryParse(text, currency, out var money, exponent: isNumber)
            ? money.MinorUnits
            : throw new ProblemException(Problem.Field("amount", $"must be a decimal with at most {currency.Exponent} places for {currency.Code}."));
    }

    private long? AmountOf(JsonElement body, Dictionary<string, string[]> errors, bool required)
    {
        if (!body.TryGetProperty("amount", out var amount) || amount.ValueKind == JsonValueKind.Null)
        {
            if (required)
            {
                errors["amount"] = ["is required: a number, in minor units of the currency (as a decimal on /api/v1)."];
            }
            return null;
        }
        if (amount.ValueKind != JsonValueKind.Number || !TryGetInteger(amount, out var value))
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
            errors["amount"] = [string.Create(CultureInfo.InvariantCulture, $"must be at most {limits.AmountMinorUnits} in minor units.")];
        }
        return value;
    }

    // To JSON 1000, 1000.0 and 1e3 are one number, and so they are to the fingerprint.
    private static bool TryGetInteger(JsonElement number, out long value)
    {
        if (number.TryGetInt64(out value))
        {
            return true;
        }
        var isWhole = Money.TryParse(number.GetRawText(), MinorUnit, out var money, exponent: true);
        value = money.MinorUnits;
        return isWhole;
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
