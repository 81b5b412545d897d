namespace Payments.Domain;

/// <summary>Whose payment it is. 1 to 48 letters, digits, '.', '_' or '-', so that it is the same text in an id, a header and a URL.</summary>
public readonly record struct MerchantId
{
    public const int LengthMax = 48;

    private MerchantId(string value) => Value = value;

    public string Value { get; }

    public static bool TryParse(string? text, out MerchantId merchant)
    {
        merchant = default;
        if (string.IsNullOrEmpty(text) || text.Length > LengthMax || !text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
        {
            return false;
        }
        merchant = new MerchantId(text);
        return true;
    }

    public override string ToString() => Value;
}
