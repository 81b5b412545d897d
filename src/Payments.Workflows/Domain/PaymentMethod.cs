namespace Payments.Domain;

/// <summary>A card as the gateway's token for it; the service never sees a card number. What a token does is the gateway's business.</summary>
public readonly record struct PaymentMethod
{
    public const int LengthMax = 64;

    private PaymentMethod(string token) => Token = token;

    /// <summary>The token used when a request names none.</summary>
    public static PaymentMethod Default { get; } = new("tok_success");

    public string Token { get; }

    /// <summary>"tok_" and up to 60 more lower-case letters, digits or underscores.</summary>
    public static bool TryParse(string? text, out PaymentMethod method)
    {
        method = default;
        if (text is null || text.Length is < 5 or > LengthMax || !text.StartsWith("tok_", StringComparison.Ordinal)
            || !text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_'))
        {
            return false;
        }
        method = new PaymentMethod(text);
        return true;
    }
}
