using Microsoft.AspNetCore.Http.Features;

namespace Durable.Server.Host.Web;

/// <summary>
/// Workflow ids may have slashes in them. A path carries those as %2F, the one escape that Kestrel leaves as it is; here the parts of the
/// path that routing found get what the client meant.
/// </summary>
internal static class EncodedSlashes
{
    public static void UseEncodedSlashes(this WebApplication app)
    {
        app.UseRouting();
        app.Use(static (context, next) =>
        {
            Decode(context);
            return next(context);
        });
    }

    private static void Decode(HttpContext context)
    {
        var path = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0];
        foreach (var segment in path.Split('/').Where(static segment => segment.Contains("%2F", StringComparison.OrdinalIgnoreCase)))
        {
            var asRouted = Uri.UnescapeDataString(segment.Replace("%2F", "%252F", StringComparison.Ordinal).Replace("%2f", "%252f", StringComparison.Ordinal));
            foreach (var (name, _) in context.Request.RouteValues.Where(value => value.Value as string == asRouted).ToArray())
            {
                context.Request.RouteValues[name] = Uri.UnescapeDataString(segment);
            }
        }
    }
}
