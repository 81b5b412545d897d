using System.Security.Cryptography;
using System.Text;

namespace Payments.Ids;

/// <summary>
/// The one place that makes ids from requests.
/// <list type="table">
/// <listheader><term>request</term><description>ids</description></listheader>
/// <item><term><c>POST /PaymentService/{id}/Create</c></term><description>workflow <c>payment/{merchant}/{id}</c>, update <c>Create:{keyHash}:{fingerprint}</c></description></item>
/// <item><term><c>POST /payments</c></term><description>the same, with <c>id = pay_{keyHash}</c>: key and workflow id are one to one, no look-up</description></item>
/// <item><term><c>POST /PaymentService/{id}/Refund</c></term><description>update <c>Refund:{keyHash}:{fingerprint}</c> on the payment; workflow <c>refund/{merchant}/{id}/{keyHash}</c></description></item>
/// <item><term><c>POST /PaymentService/{id}/Cancel</c></term><description>update <c>Cancel:{keyHash}:{fingerprint}</c> on the payment</description></item>
/// <item><term>a charge at the gateway</term><description>key <c>{merchant}:{id}:charge:{attempt}</c></description></item>
/// <item><term>a refund at the gateway</term><description>key <c>{merchant}:{id}:refund:{keyHash}</c></description></item>
/// </list>
/// Parts are percent-encoded, so no part can imitate a separator. Workflow and update ids stay within 200 bytes: merchant 48, payment 96, hash 32.
/// </summary>
public static class PaymentIds
{
    public const int BytesMax = 200;

    /// <summary>32 hex digits of SHA-256 over the scope of the key and the key. The raw key is in no id, log or store.</summary>
    /// <param name="scope">Merchant, service, path id and handler; on <c>/payments</c> merchant and operation. Two parts can not run into each other.</param>
    /// <param name="key">Empty where the path id is the natural key.</param>
    public static string KeyHash(ReadOnlySpan<string> scope, string key)
    {
        var text = new StringBuilder(128);
        foreach (var part in scope)
        {
            text.Append(part.Length).Append(':').Append(part);
        }
        text.Append('|').Append(key);
        return Hex(text.ToString(), 16);
    }

    /// <summary>By which a key's record is found without knowing its operation.</summary>
    public static string SearchHash(string merchant, string key) => KeyHash([merchant], key);

    public static string Payment(string merchant, string paymentId) => Checked($"payment/{Part(merchant)}/{Part(paymentId)}");

    /// <summary>The id of a payment on <c>/payments</c>, made from the hash of its key.</summary>
    public static string MintedPaymentId(string keyHash) => "pay_" + keyHash;

    public static string Update(string handler, string keyHash, string fingerprint) => Checked($"{Part(handler)}:{keyHash}:{fingerprint}");

    /// <param name="use">0 for the first use of the key; one more each time the key was freed by its expiry and taken for another body.</param>
    public static string Refund(string merchant, string paymentId, string keyHash, int use) =>
        Checked($"refund/{Part(merchant)}/{Part(paymentId)}/{keyHash}{(use == 0 ? "" : "." + use)}");

    public static string GatewayCharge(string merchant, string paymentId, int attempt) => $"{Part(merchant)}:{Part(paymentId)}:charge:{attempt}";

    public static string GatewayRefund(string merchant, string paymentId, string keyHash, int use) =>
        $"{Part(merchant)}:{Part(paymentId)}:refund:{keyHash}{(use == 0 ? "" : "." + use)}";

    /// <summary>Percent-encodes everything but letters, digits and "-._~".</summary>
    public static string Part(string text) => Uri.EscapeDataString(text);

    internal static string Hex(string text, int bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        var count = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (count <= 1024)
        {
            Span<byte> utf8 = stackalloc byte[count];
            SHA256.HashData(utf8[..Encoding.UTF8.GetBytes(text, utf8)], hash);
        }
        else
        {
            SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        }
        return Convert.ToHexStringLower(hash[..bytes]);
    }

    private static string Checked(string id) => id.Length <= BytesMax
        ? id
        : throw new ArgumentException($"An id may have {BytesMax} bytes; this one has {id.Length}. Merchant and payment ids are limited at the door.");
}
