using Temporalio.Common;

namespace Payments.Workflows;

/// <summary>What lists, statistics and the search for a key read. The worker and the ingress add them to the namespace when they start.</summary>
public static class PaymentSearchAttributes
{
    public static readonly SearchAttributeKey<string> Merchant = SearchAttributeKey.CreateKeyword("PaymentMerchant");
    public static readonly SearchAttributeKey<string> PaymentId = SearchAttributeKey.CreateKeyword("PaymentId");
    public static readonly SearchAttributeKey<string> Status = SearchAttributeKey.CreateKeyword("PaymentStatus");
    public static readonly SearchAttributeKey<string> Currency = SearchAttributeKey.CreateKeyword("PaymentCurrency");
    public static readonly SearchAttributeKey<string> TransactionId = SearchAttributeKey.CreateKeyword("PaymentTransactionId");
    public static readonly SearchAttributeKey<long> Amount = SearchAttributeKey.CreateLong("PaymentAmount");
    public static readonly SearchAttributeKey<long> Refunded = SearchAttributeKey.CreateLong("PaymentRefunded");

    /// <summary>When money moved: the capture of a payment, the confirmation of a refund. Set once, so that sums can be read as a stream.</summary>
    public static readonly SearchAttributeKey<DateTimeOffset> SettledAt = SearchAttributeKey.CreateDateTimeOffset("PaymentSettledAt");

    /// <summary>Hashes of the keys that the payment knows.</summary>
    public static readonly SearchAttributeKey<IReadOnlyCollection<string>> Keys = SearchAttributeKey.CreateKeywordList("PaymentKeys");

    /// <summary>Hashes shown per payment, the newest: a list of 32-digit hashes must stay below the 2 KB that a server allows a value by default.</summary>
    public const int KeysMax = 32;

    /// <summary>Statistics read what settled since they last looked, so the time is the gateway's only where its clock agrees with the engine's.</summary>
    public static DateTimeOffset SettledTime(DateTimeOffset saysTheGateway, DateTimeOffset now) =>
        (now - saysTheGateway).Duration() <= TimeSpan.FromSeconds(30) ? saysTheGateway : now;

    public static IReadOnlyList<SearchAttributeKey> All { get; } =
        [Merchant, PaymentId, Status, Currency, TransactionId, Amount, Refunded, SettledAt, Keys];
}
