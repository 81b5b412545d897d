using System.Text;
using System.Text.Json;

namespace Payments.Ids;

/// <summary>
/// What a body is, for the question "the same key with another body?": SHA-256 over handler, path id and canonical JSON, of which 16 hex digits are used.
/// </summary>
public static class Fingerprint
{
    public static string Of(string handler, string pathId, JsonElement body)
    {
        var text = new StringBuilder(256);
        text.Append(handler.Length).Append(':').Append(handler).Append(pathId.Length).Append(':').Append(pathId).Append('|');
        CanonicalJson.Append(text, body);
        return PaymentIds.Hex(text.ToString(), 8);
    }
}
