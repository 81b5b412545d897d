using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Payments.Ingress;

/// <summary>
/// Authenticates a merchant by <c>Authorization: Bearer</c> or <c>X-Api-Key</c>. The key is hashed and compared with every configured hash in constant
/// time, so that neither content nor position of a match can be measured.
/// </summary>
public sealed class ApiKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> scheme, ILoggerFactory loggers, UrlEncoder encoder, IOptions<AuthOptions> auth)
    : AuthenticationHandler<AuthenticationSchemeOptions>(scheme, loggers, encoder)
{
    public const string SchemeName = "ApiKey";

    private readonly (string Merchant, byte[] Hash)[] known = [.. auth.Value.ApiKeys.Select(key => (key.Merchant, Convert.FromHexString(key.Sha256)))];

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var presented = Presented();
        if (presented is null)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(presented), hash);
        string? merchant = null;
        foreach (var (name, expected) in known)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, expected))
            {
                merchant = name;
            }
        }
        if (merchant is null)
        {
            return Task.FromResult(AuthenticateResult.Fail("The API key is not known."));
        }
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, merchant)], SchemeName);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = "Bearer";
        return Task.CompletedTask;
    }

    private string? Presented()
    {
        var authorization = Request.Headers.Authorization;
        if (authorization is [{ } value] && value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return value["Bearer ".Length..].Trim();
        }
        return Request.Headers[ApiHeaders.ApiKey] is [{ } key] ? key : null;
    }
}
