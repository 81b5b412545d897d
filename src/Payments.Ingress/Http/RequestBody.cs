using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace Payments.Ingress;

/// <summary>Reads a JSON object from a request, or says why not.</summary>
public static class RequestBody
{
    // Two members of one name mean different things to different parsers; the fingerprint must not depend on which one wins.
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    private static readonly JsonElement Empty = JsonDocument.Parse("{}").RootElement;

    /// <exception cref="ProblemException">Wrong media type, not JSON, not an object, or it holds a card number.</exception>
    public static async Task<JsonElement> ReadAsync(HttpContext http, bool optional)
    {
        ArgumentNullException.ThrowIfNull(http);
        var request = http.Request;
        var canHaveBody = http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? request.ContentLength is > 0;
        if (!canHaveBody || request.ContentLength == 0 || (request.ContentLength is null && await IsEmptyAsync(request, http.RequestAborted).ConfigureAwait(false)))
        {
            return optional ? Empty : throw new ProblemException(Problem.Field("(body)", "is required: a JSON object."));
        }
        if (request.ContentType is { Length: > 0 } && !request.HasJsonContentType())
        {
            throw new ProblemException(new(ProblemType.MediaType, "Content-Type must be application/json."));
        }
        if (request.Headers.ContentEncoding.ToString() is { Length: > 0 } coding && !coding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            throw new ProblemException(new(ProblemType.MediaType, $"Content-Encoding must be absent: this service does not read {coding}."));
        }
        JsonElement body;
        string? card;
        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, Options, http.RequestAborted).ConfigureAwait(false);
            body = document.RootElement.Clone();
            card = CardNumbers.Find(body);
        }
        catch (JsonException e)
        {
            // The parser's message quotes the body, which may hold what must not be echoed. Only of two equal names it gives no place.
            throw new ProblemException(Problem.Field("(body)", e.LineNumber is { } line
                ? $"is not valid JSON at line {line + 1}, byte {e.BytePositionInLine}."
                : "has two members of the same name in one object."));
        }
        catch (InvalidOperationException)
        {
            // The parser looks at structure; bytes that are no UTF-8, and half a surrogate pair, are found when a text is read.
            throw new ProblemException(Problem.Field("(body)", "holds a text that is not valid Unicode."));
        }
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw new ProblemException(Problem.Field("(body)", "must be a JSON object."));
        }
        if (card is not null)
        {
            throw new ProblemException(Problem.Field(card, "looks like a card number. Send a token; this service takes no card data."));
        }
        return body;
    }

    /// <summary>Whether a body without a declared length has nothing in it.</summary>
    private static async Task<bool> IsEmptyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var read = await request.BodyReader.ReadAsync(cancellationToken).ConfigureAwait(false);
        request.BodyReader.AdvanceTo(read.Buffer.Start);
        return read.IsCompleted && read.Buffer.IsEmpty;
    }
}
