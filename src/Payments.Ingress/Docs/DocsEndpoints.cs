namespace Payments.Ingress;

/// <summary><c>/openapi.json</c> (OpenAPI 3.1, written by hand and kept true by a test) and <c>/docs</c>.</summary>
public static class DocsEndpoints
{
    public static void MapDocs(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var document = Read();
        app.MapGet("/openapi.json", () => Results.Bytes(document, "application/json"));
        app.UseSwaggerUI(docs =>
        {
            docs.RoutePrefix = "docs";
            docs.DocumentTitle = "Payments";
            docs.SwaggerEndpoint("/openapi.json", "Payments");
        });
    }

    private static byte[] Read()
    {
        using var stream = typeof(DocsEndpoints).Assembly.GetManifestResourceStream("openapi.json")!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
