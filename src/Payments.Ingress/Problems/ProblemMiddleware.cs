using Microsoft.Extensions.Options;

namespace Payments.Ingress;

/// <summary>Turns whatever stops a request into a problem document; nothing leaves as a bare status or a stack trace.</summary>
public sealed partial class ProblemMiddleware(RequestDelegate next, IOptions<IdempotencyOptions> options, ILogger<ProblemMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        Problem problem;
        try
        {
            await next(http).ConfigureAwait(false);
            if (http.Response.HasStarted || http.Response.ContentLength is not null || http.Response.ContentType is not null)
            {
                return;
            }
            problem = http.Response.StatusCode switch
            {
                StatusCodes.Status404NotFound => new(ProblemType.NotFound, "There is nothing at this address."),
                StatusCodes.Status405MethodNotAllowed => new(ProblemType.MethodNotAllowed, $"{http.Request.Method} is not possible here."),
                StatusCodes.Status401Unauthorized => new(ProblemType.Unauthorized, "The API key is missing or not known."),
                _ => null!,
            };
            if (problem is null)
            {
                return;
            }
        }
        catch (ProblemException e)
        {
            problem = e.Problem;
        }
        catch (BadHttpRequestException e)
        {
            problem = e.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? new(ProblemType.TooLarge, "The body exceeds the limit.")
                : new(ProblemType.ValidationFailed, "The request could not be read.");
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller is gone; what it asked for goes on without it.
            return;
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            LogUnexpected(logger, e, http.GetEndpoint()?.DisplayName ?? "unknown endpoint");
            problem = new(ProblemType.EngineUnavailable, "Something unexpected happened. With the same key it is safe to send the request again.")
            {
                StatusOverride = StatusCodes.Status500InternalServerError,
            };
        }
        if (!http.Response.HasStarted)
        {
            var (allow, challenge, key) = (http.Response.Headers.Allow, http.Response.Headers.WWWAuthenticate, http.Response.Headers[ApiHeaders.IdempotencyKey]);
            http.Response.Clear();
            (http.Response.Headers.Allow, http.Response.Headers.WWWAuthenticate, http.Response.Headers[ApiHeaders.IdempotencyKey]) = (allow, challenge, key);
            await http.WriteProblemAsync(problem, options.Value.RetryInterval).ConfigureAwait(false);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Endpoint} failed unexpectedly")]
    private static partial void LogUnexpected(ILogger logger, Exception exception, string endpoint);
}
