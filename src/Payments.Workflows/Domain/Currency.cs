using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Payments.Domain;

/// <summary>An ISO 4217 currency: its three-letter code and how many decimal places its minor unit has.</summary>
/// <param name="Code">Three upper-case letters.</param>
/// <param name="Exponent">0 to 4: 100 yen are "100", 100 cents "1.00", 1000 fils "1.000".</param>
public sealed record Currency(string Code, int Exponent)
{
    private static readonly FrozenDictionary<string, Currency> Known = Make();

    /// <summary>Codes are matched as written: "usd" is not a currency.</summary>
    public static bool TryParse(string? code, [NotNullWhen(true)] out Currency? currency)
    {
        currency = null;
        return code is not null && Known.TryGetValue(code, out currency);
    }

    public override string ToString() => Code;

    // ISO 4217, list one. Funds codes, metals and testing codes (XAU, XTS …) are no currencies to be charged in.
    private static FrozenDictionary<string, Currency> Make()
    {
        const string two =
            "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK " +
            "DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP " +
            "LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB " +
            "SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG";
        const string zero = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
        const string three = "BHD IQD JOD KWD LYD OMR TND";
        const string four = "CLF UYW";
        return new[] { (zero, 0), (two, 2), (three, 3), (four, 4) }
            .SelectMany(group => group.Item1.Split(' ').Select(code => new Currency(code, group.Item2)))
            .ToFrozenDictionary(currency => currency.Code, StringComparer.Ordinal);
    }
}
