using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Payments.Domain;
using Payments.Ids;

namespace Payments.Ingress;

/// <summary>Makes an invocation from a request: merchant, key, fingerprint and ids. Everything that is wrong with the request alone ends here.</summary>
public sealed class InvocationFactory(IOptions<IdempotencyOptions> options, IOptions<ProtectionOptions> protection, Merchants merchants)
{
    /// <summary>A call on an object that the path names.</summary>
    public async Task<Invocation> FromPathAsync(HttpContext http, IngressHandler handler, string objectId)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(handler);
        var merchant = merchants.Of(http);
        var key = KeyOf(http, handler.KeyRequired);
        CheckObjectId(objectId);
        var body = await RequestBody.ReadAsync(http, handler.BodyOptional).ConfigureAwait(false);
        return Make(handler, merchant, objectId, key, body, body, Shape.MinorUnits);
    }

    /// <summary>A call on an object whose id is made from the key: <c>/payments</c>, in either shape.</summary>
    public async Task<Invocation> FromKeyAsync(HttpContext http, IngressHandler handler, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(handler);
        var merchant = merchants.Of(http);
        var key = KeyOf(http, options.Value.RequireKey);
        var body = await RequestBody.ReadAsync(http, optional: false).ConfigureAwait(false);
        var read = shape == Shape.Decimal ? PaymentRequests.FromDecimal(body) : body;
        object request;
        try
        {
            request = handler.Prepare(read);
        }
        catch (ProblemException e) when (shape == Shape.Decimal)
        {
            throw new ProblemException(PaymentRequests.NamedAsDecimal(e.Problem));
        }
        var keyHash = KeyHash(CollectionScope(merchant), key, unkeyedIsNew: true);
        return new Invocation
        {
            Handler = handler,
            Merchant = merchant,
            ObjectId = PaymentIds.MintedPaymentId(keyHash),
            RawKey = key,
            KeyHash = keyHash,
            SearchHash = key is null ? null : PaymentIds.SearchHash(merchant, key),
            Fingerprint = Fingerprint.Of(handler.Name, "", read),
            Nonce = Nonce(),
            KeyTtl = options.Value.KeyTtl,
            Bound = true,
            Request = request,
            Shape = shape,
        };
    }

    /// <summary>The programmatic form of <see cref="FromPathAsync"/>.</summary>
    public Invocation Make(IngressHandler handler, string merchant, string objectId, string? key, JsonElement body, JsonElement read, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return new Invocation
        {
            Handler = handler,
            Merchant = merchant,
            ObjectId = objectId,
            RawKey = key,
            KeyHash = KeyHash(Scope(handler, merchant, objectId), key, handler.UnkeyedIsNew),
            SearchHash = key is null ? null : PaymentIds.SearchHash(merchant, key),
            Fingerprint = Fingerprint.Of(handler.Name, objectId, body),
            Nonce = Nonce(),
            KeyTtl = options.Value.KeyTtl,
            Request = handler.Prepare(read),
            Shape = shape,
        };
    }

    public static string[] CollectionScope(string merchant) => [merchant, "payments"];

    /// <summary>Under which a keyed request is known. A payment that was made on <c>/payments</c> has its key's scope there, by whichever address it is asked for.</summary>
    public static string KeyHashOf(IngressHandler handler, string merchant, string objectId, string key)
    {
        ArgumentNullException.ThrowIfNull(handler);
        var collection = PaymentIds.KeyHash(CollectionScope(merchant), key);
        return handler is CreateHandler && objectId == PaymentIds.MintedPaymentId(collection) ? collection : PaymentIds.KeyHash(Scope(handler, merchant, objectId), key);
    }

    public static void CheckObjectId(string objectId)
    {
        if (!PaymentId.TryParse(objectId, out var _))
        {
            throw new ProblemException(Problem.Field("paymentId", $"in the path must be printable and, percent-encoded, have at most {PaymentId.EncodedBytesMax} bytes."));
        }
        if (CardNumbers.Holds(objectId))
        {
            throw new ProblemException(Problem.Field("paymentId", "in the path looks like a card number. This service takes no card data."));
        }
    }

    /// <exception cref="ProblemException">Malformed, or missing where required.</exception>
    public static string? KeyOf(HttpContext http, bool required)
    {
        ArgumentNullException.ThrowIfNull(http);
        var (key, error) = IdempotencyKeyHeader.Parse(http.Request.Headers[ApiHeaders.IdempotencyKey]);
        if (error is not null)
        {
            throw new ProblemException(new(ProblemType.KeyInvalid, error)
            {
                Errors = new Dictionary<string, string[]>(StringComparer.Ordinal) { [ApiHeaders.IdempotencyKey] = [error] },
            });
        }
        if (key is not null)
        {
            // Echoed by every answer from here on, errors too.
            http.Response.Headers[ApiHeaders.IdempotencyKey] = key;
        }
        return key is null && required
            ? throw new ProblemException(new(ProblemType.KeyMissing, "This operation needs an Idempotency-Key header."))
            : key;
    }

    private static string[] Scope(IngressHandler handler, string merchant, string objectId) => [merchant, handler.Service, objectId, handler.Name];

    private string KeyHash(string[] scope, string? key, bool unkeyedIsNew) => (key is null && unkeyedIsNew) || !protection.Value.UpdateIds
        ? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))
        : PaymentIds.KeyHash(scope, key ?? "");

    private static string Nonce() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
}
