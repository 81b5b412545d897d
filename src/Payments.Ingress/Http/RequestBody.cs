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
        if (!canHaveBody || request.ContentLength == 0)
        {
            return optional ? Empty : throw new ProblemException(Problem.Field("(body)", "is required: a JSON object."));
        }
        if (request.ContentType is { Length: > 0 } && !request.HasJsonContentType())
        {
            throw new ProblemException(new(ProblemType.MediaType, "Content-Type must be application/json."));
        }
        JsonElement body;
        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, Options, http.RequestAborted).ConfigureAwait(false);
            body = document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            // The parser's message quotes the body, which may hold what must not be echoed.
            throw new ProblemException(Problem.Field("(body)", $"is not valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine}."));
        }
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw new ProblemException(Problem.Field("(body)", "must be a JSON object."));
        }
        if (CardNumbers.Find(body) is { } path)
        {
            throw new ProblemException(Problem.Field(path, "looks like a card number. Send a token; this service takes no card data."));
        }
        return body;
    }
}
