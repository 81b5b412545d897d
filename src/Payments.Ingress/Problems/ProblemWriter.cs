using System.Globalization;
using System.Text.Json;

namespace Payments.Ingress;

/// <summary>Writes problems with their headers.</summary>
public static class ProblemWriter
{
    public const string ContentType = "application/problem+json";

    public static Task WriteProblemAsync(this HttpContext http, Problem problem, TimeSpan retryAfter)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(problem);
        var response = http.Response;
        response.StatusCode = problem.Status;
        response.ContentType = ContentType;
        response.Headers[ApiHeaders.ErrorSource] = problem.Source;
        response.Headers[ApiHeaders.ShouldRetry] = problem.Type.Retryable ? "true" : "false";
        if (problem.Type.Retryable)
        {
            response.Headers.RetryAfter = Seconds(retryAfter);
        }
        if (problem.InvocationId is { } id)
        {
            response.Headers[ApiHeaders.InvocationId] = id;
            response.Headers[ApiHeaders.RestateId] = id;
        }
        return http.WriteJsonAsync(problem.Write, ContentType);
    }

    /// <summary>Writes a body with its length in one go.</summary>
    public static async Task WriteJsonAsync(this HttpContext http, Action<Utf8JsonWriter> write, string contentType = "application/json")
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(write);
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            write(json);
        }
        http.Response.ContentType = contentType;
        http.Response.ContentLength = buffer.WrittenCount;
        await http.Response.Body.WriteAsync(buffer.WrittenMemory, http.RequestAborted).ConfigureAwait(false);
    }

    public static string Seconds(TimeSpan time) => Math.Max(1, (int)Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
