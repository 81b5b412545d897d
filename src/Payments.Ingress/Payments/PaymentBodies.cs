using System.Globalization;
using System.Text.Json;
using Payments.Domain;
using Payments.Workflows;

namespace Payments.Ingress;

/// <summary>Payments as JSON, in both shapes.</summary>
public static class PaymentBodies
{
    /// <summary>The members that every body about a payment begins with.</summary>
    public static void Write(Utf8JsonWriter json, PaymentView payment, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(payment);
        var v1 = shape == Shape.Decimal;
        json.WriteString("id", payment.PaymentId);
        json.WriteString(v1 ? "payment_id" : "paymentId", payment.PaymentId);
        json.WriteString(v1 ? "transaction_id" : "transactionId", payment.TransactionId);
        json.WriteString("status", payment.Status);
        Amount(json, "amount", payment.Amount, payment.Currency, shape);
        json.WriteString("currency", payment.Currency);
        json.WriteString("description", payment.Description);
        json.WriteString(v1 ? "customer_id" : "customerId", payment.CustomerId);
        json.WriteString(v1 ? "processed_at" : "processedAt", payment.ProcessedAt is { } at ? Time(at) : null);
    }

    public static void WriteRefund(Utf8JsonWriter json, RefundView refund, string currency, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(refund);
        var v1 = shape == Shape.Decimal;
        json.WriteString(v1 ? "refund_id" : "refundId", refund.RefundId);
        Amount(json, v1 ? "refunded_amount" : "refundedAmount", refund.Amount, currency, shape);
        Amount(json, "remaining", refund.Remaining, currency, shape);
    }

    public static void WriteStatus(Utf8JsonWriter json, PaymentView payment, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(payment);
        json.WriteStartObject();
        Write(json, payment, shape);
        var v1 = shape == Shape.Decimal;
        Amount(json, v1 ? "refunded_amount" : "refundedAmount", payment.Refunded, payment.Currency, shape);
        if (payment.DeclineCode is not null)
        {
            json.WriteString(v1 ? "decline_code" : "declineCode", payment.DeclineCode);
        }
        json.WriteEndObject();
    }

    /// <summary>RFC 3339 with milliseconds, in UTC.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static void Amount(Utf8JsonWriter json, string name, long minorUnits, string currency, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (shape == Shape.Decimal && Currency.TryParse(currency, out var known))
        {
            json.WritePropertyName(name);
            json.WriteRawValue(new Money(minorUnits, known).ToDecimalString());
        }
        else
        {
            json.WriteNumber(name, minorUnits);
        }
    }
}
