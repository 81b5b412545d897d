using System.Security.Claims;
using Microsoft.Extensions.Options;
using Payments.Domain;

namespace Payments.Ingress;

/// <summary>Whose call it is: the API key's merchant, or, where authentication is off, the one that the caller names.</summary>
public sealed class Merchants(IOptions<PaymentOptions> payments, IOptions<AuthOptions> auth)
{
    public string Of(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        var named = http.Request.Headers[ApiHeaders.MerchantId];
        if (auth.Value.IsOn)
        {
            if (named.Count > 0)
            {
                throw new ProblemException(Problem.Field(ApiHeaders.MerchantId, "is not accepted here: the merchant is the API key's."));
            }
            return http.User.FindFirstValue(ClaimTypes.NameIdentifier)
                ?? throw new ProblemException(new(ProblemType.Unauthorized, "The API key is missing or not known."));
        }
        if (named.Count == 0)
        {
            return payments.Value.DefaultMerchant;
        }
        return named.Count == 1 && MerchantId.TryParse(named[0], out var merchant)
            ? merchant.Value
            : throw new ProblemException(Problem.Field(ApiHeaders.MerchantId, $"must be one id of 1 to {MerchantId.LengthMax} letters, digits, '.', '_' or '-'."));
    }
}
