using System.Globalization;

namespace Payments.Gateway.Mock;

/// <summary>What a test token stands for. One token, one outcome.</summary>
/// <param name="DeclineCode">Set: refused with this code.</param>
/// <param name="Wait">Before anything is decided.</param>
/// <param name="FailFirst">So many requests under a key get "not now" first.</param>
/// <param name="AfterCharge">What the caller gets to see of the first charge.</param>
public sealed record TestToken(string? DeclineCode = null, TimeSpan Wait = default, int FailFirst = 0, LostAnswer AfterCharge = LostAnswer.None)
{
    /// <summary>A test that waits longer has forgotten what it waits for.</summary>
    public const int SlowMaxMs = 60_000;

    private static readonly TestToken Success = new();

    public static TestToken Parse(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return token switch
        {
            "tok_success" => Success,
            "tok_declined" => new("card_declined"),
            "tok_insufficient_funds" => new("insufficient_funds"),
            "tok_expired_card" => new("expired_card"),
            "tok_fraud" => new("fraud"),
            "tok_hang" => new(AfterCharge: LostAnswer.Hang),
            "tok_500_after_charge" => new(AfterCharge: LostAnswer.ServerError),
            "tok_drop_after_charge" => new(AfterCharge: LostAnswer.Drop),
            _ when Number(token, "tok_slow_") is { } ms => new(Wait: TimeSpan.FromMilliseconds(Math.Min(ms, SlowMaxMs))),
            _ when Number(token, "tok_fail_") is { } times => new(FailFirst: times),
            _ => new("unknown_token"),
        };
    }

    public static string Describe(string declineCode) => declineCode switch
    {
        "card_declined" => "The card was declined.",
        "insufficient_funds" => "The card has insufficient funds.",
        "expired_card" => "The card has expired.",
        "fraud" => "The payment was refused as suspected fraud.",
        "unknown_token" => "There is no such payment method.",
        _ => $"Refused: {declineCode}.",
    };

    private static int? Number(string token, string prefix) =>
        token.StartsWith(prefix, StringComparison.Ordinal)
        && int.TryParse(token.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
