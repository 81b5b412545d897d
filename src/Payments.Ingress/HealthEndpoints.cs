namespace Payments.Ingress;

/// <summary><c>/health</c>: the process lives. <c>/health/ready</c>: the engine answers.</summary>
public static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        foreach (var path in new[] { "/health", "/restate/health" })
        {
            app.MapGet(path, (HttpContext http) => WriteAsync(http, StatusCodes.Status200OK, "ok"));
        }
        app.MapGet("/health/ready", async (HttpContext http) =>
        {
            if (!await http.RequestServices.GetRequiredService<EngineLink>().IsHealthyAsync(http.RequestAborted).ConfigureAwait(false))
            {
                throw new ProblemException(new(ProblemType.EngineUnavailable, "The engine is out of reach."));
            }
            await WriteAsync(http, StatusCodes.Status200OK, "ready").ConfigureAwait(false);
        });
    }

    private static Task WriteAsync(HttpContext http, int status, string text)
    {
        http.Response.StatusCode = status;
        return http.WriteJsonAsync(json =>
        {
            json.WriteStartObject();
            json.WriteString("status", text);
            json.WriteEndObject();
        });
    }
}
