namespace Payments.Domain;

/// <summary>
/// The name of a payment, chosen by the caller. Any printable text whose percent-encoded form has at most 96 bytes, so that no id
/// made from it exceeds 200 bytes. "." and ".." are refused: URLs do not survive them.
/// </summary>
public readonly record struct PaymentId
{
    public const int EncodedBytesMax = 96;

    private PaymentId(string value, string encoded)
    {
        Value = value;
        Encoded = encoded;
    }

    public string Value { get; }

    /// <summary>Percent-encoded: letters, digits and "-._~" stay, everything else becomes %XX of its UTF-8 bytes.</summary>
    public string Encoded { get; }

    public static bool TryParse(string? text, out PaymentId id)
    {
        id = default;
        if (string.IsNullOrWhiteSpace(text) || text is "." or ".." || text.Any(char.IsControl))
        {
            return false;
        }
        var encoded = Uri.EscapeDataString(text);
        if (encoded.Length > EncodedBytesMax)
        {
            return false;
        }
        id = new PaymentId(text, encoded);
        return true;
    }

    public override string ToString() => Value;
}
