using System.Net;
using System.Text;

namespace Payments.Ingress;

/// <summary><c>GET /problems/{name}</c>: a page for people, because a problem's type is a link.</summary>
public static class ProblemPages
{
    public static IEndpointConventionBuilder MapProblemPages(this IEndpointRouteBuilder app) => app.MapGet("/problems/{name}", (string name) =>
    {
        var type = ProblemType.All.FirstOrDefault(problem => problem.Name == name);
        return type is null
            ? throw new ProblemException(new(ProblemType.NotFound, "There is no such kind of problem."))
            : Results.Text(Page(type), "text/html", Encoding.UTF8);
    });

    private static string Page(ProblemType type) => $"""
        <!doctype html>
        <html lang="en"><meta charset="utf-8"><title>{WebUtility.HtmlEncode(type.Title)}</title>
        <body style="font-family: sans-serif; max-width: 42em; margin: 3em auto; line-height: 1.5">
        <h1>{WebUtility.HtmlEncode(type.Title)}</h1>
        <p>{WebUtility.HtmlEncode(type.Page)}</p>
        <table>
        <tr><td>code</td><td><code>{type.Code}</code></td></tr>
        <tr><td>status</td><td>{type.Status}</td></tr>
        <tr><td>who refused</td><td>{type.Source}</td></tr>
        <tr><td>retry the same request?</td><td>{(type.Retryable ? "yes, with the same key, after Retry-After" : "no")}</td></tr>
        </table>
        </body></html>
        """;
}
