using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Payments.FaultProxy;

/// <summary>Toxiproxy's routes, bodies and errors.</summary>
internal static class ProxyEndpoints
{
    private const string Version = "2.9.0";

    public static void Map(IEndpointRouteBuilder app, ProxyTable table)
    {
        app.MapGet("/version", () => Results.Json(new JsonObject { ["version"] = Version }));
        app.MapPost("/reset", () => Try(() =>
        {
            table.Reset();
            return Results.NoContent();
        }));
        app.MapGet("/proxies", () => Json(new JsonObject(table.Proxies.Values.OrderBy(p => p.Name, StringComparer.Ordinal)
            .Select(p => KeyValuePair.Create<string, JsonNode?>(p.Name, Show(p))))));
        app.MapPost("/proxies", async (HttpRequest http) => await BodyAsync(http, body => Create(table, body)));
        app.MapPost("/populate", async (HttpRequest http) => await BodyAsync(http, body => Populate(table, body)));
        app.MapGet("/proxies/{name}", (string name) => With(table, name, proxy => Json(Show(proxy))));
        app.MapMethods("/proxies/{name}", ["POST", "PATCH"], async (string name, HttpRequest http) => await BodyAsync(http, body => With(table, name, proxy =>
        {
            proxy.Change(Text(body, "listen"), Text(body, "upstream"), Flag(body, "enabled"));
            return Json(Show(proxy));
        })));
        app.MapDelete("/proxies/{name}", (string name) => With(table, name, proxy =>
        {
            table.Proxies.TryRemove(name, out _);
            proxy.Dispose();
            return Results.NoContent();
        }));
        app.MapGet("/proxies/{name}/toxics", (string name) => With(table, name, proxy => Json(new JsonArray([.. proxy.Toxics.Select(Show)]))));
        app.MapPost("/proxies/{name}/toxics", async (string name, HttpRequest http) =>
            await BodyAsync(http, body => With(table, name, proxy => AddToxic(proxy, body))));
        app.MapGet("/proxies/{name}/toxics/{toxic}", (string name, string toxic) => With(table, name, proxy =>
            proxy.Toxics.FirstOrDefault(t => t.Name == toxic) is { } known ? Json(Show(known)) : Error(404, "toxic not found")));
        app.MapMethods("/proxies/{name}/toxics/{toxic}", ["POST", "PATCH"], async (string name, string toxic, HttpRequest http) =>
            await BodyAsync(http, body => With(table, name, proxy => ChangeToxic(proxy, toxic, body))));
        app.MapDelete("/proxies/{name}/toxics/{toxic}", (string name, string toxic) => With(table, name, proxy =>
        {
            var left = proxy.Toxics.Where(t => t.Name != toxic).ToArray();
            if (left.Length == proxy.Toxics.Count)
            {
                return Error(404, "toxic not found");
            }
            proxy.Set(left);
            return Results.NoContent();
        }));
    }

    private static IResult Create(ProxyTable table, JsonNode body)
    {
        if (Text(body, "name") is not { Length: > 0 } name)
        {
            return Error(400, "missing required field: name");
        }
        if (Text(body, "upstream") is not { Length: > 0 } upstream)
        {
            return Error(400, "missing required field: upstream");
        }
        var proxy = table.Make(name, Text(body, "listen") ?? "127.0.0.1:0", upstream);
        if (!table.Proxies.TryAdd(name, proxy))
        {
            return Error(409, "proxy already exists");
        }
        try
        {
            if (Flag(body, "enabled") != false)
            {
                proxy.Start();
            }
        }
        catch
        {
            table.Proxies.TryRemove(name, out _);
            throw;
        }
        return Json(Show(proxy), StatusCodes.Status201Created);
    }

    private static IResult Populate(ProxyTable table, JsonNode body)
    {
        if (body is not JsonArray wanted)
        {
            return Error(400, "bad request body: an array of proxies is needed");
        }
        var made = new JsonArray();
        foreach (var one in wanted)
        {
            if (Text(one, "name") is not { Length: > 0 } name)
            {
                return Error(400, "missing required field: name");
            }
            if (Text(one, "upstream") is not { Length: > 0 })
            {
                return Error(400, "missing required field: upstream");
            }
            if (table.Proxies.TryRemove(name, out var old))
            {
                old.Dispose();
            }
            Create(table, one!);
            made.Add(Show(table.Proxies[name]));
        }
        return Json(new JsonObject { ["proxies"] = made }, StatusCodes.Status201Created);
    }

    private static IResult AddToxic(Proxy proxy, JsonNode body)
    {
        var type = Text(body, "type");
        var stream = Text(body, "stream") ?? Toxic.Downstream;
        var toxicity = body["toxicity"]?.GetValue<double>() ?? 1;
        if (stream is not (Toxic.Upstream or Toxic.Downstream))
        {
            return Error(400, "stream was invalid, can be either upstream or downstream");
        }
        if (!Toxic.IsType(type))
        {
            return Error(400, "invalid toxic type");
        }
        var toxic = new Toxic(Text(body, "name") is { Length: > 0 } name ? name : $"{type}_{stream}", type!, stream, toxicity, Toxic.Complete(type!, Attributes(body)));
        if (proxy.Toxics.Any(known => known.Name == toxic.Name))
        {
            return Error(409, "toxic already exists");
        }
        proxy.Set([.. proxy.Toxics, toxic]);
        return Json(Show(toxic));
    }

    private static IResult ChangeToxic(Proxy proxy, string name, JsonNode body)
    {
        if (proxy.Toxics.FirstOrDefault(t => t.Name == name) is not { } known)
        {
            return Error(404, "toxic not found");
        }
        var attributes = (JsonObject)known.Attributes.DeepClone();
        foreach (var (attribute, value) in Attributes(body))
        {
            attributes[attribute] = value?.DeepClone();
        }
        var changed = known with { Toxicity = body["toxicity"]?.GetValue<double>() ?? known.Toxicity, Attributes = Toxic.Complete(known.Type, attributes) };
        proxy.Set(proxy.Toxics.Select(t => t.Name == name ? changed : t).ToArray());
        return Json(Show(changed));
    }

    private static async Task<IResult> BodyAsync(HttpRequest http, Func<JsonNode, IResult> act)
    {
        JsonNode? body;
        try
        {
            body = await JsonNode.ParseAsync(http.Body, cancellationToken: http.HttpContext.RequestAborted).ConfigureAwait(false);
        }
        catch (JsonException e)
        {
            return Error(400, $"bad request body: {e.Message}");
        }
        return body is JsonObject or JsonArray ? Try(() => act(body)) : Error(400, "bad request body: an object is needed");
    }

    private static IResult With(ProxyTable table, string name, Func<Proxy, IResult> act) =>
        table.Proxies.TryGetValue(name, out var proxy) ? Try(() => act(proxy)) : Error(404, "proxy not found");

    private static IResult Try(Func<IResult> act)
    {
        try
        {
            return act();
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            return Error(400, $"bad request body: {e.Message}");
        }
        catch (SocketException e)
        {
            return Error(500, e.Message);
        }
    }

    private static JsonObject Show(Proxy proxy) => new()
    {
        ["name"] = proxy.Name,
        ["listen"] = proxy.Listen,
        ["upstream"] = proxy.Upstream,
        ["enabled"] = proxy.Enabled,
        ["toxics"] = new JsonArray([.. proxy.Toxics.Select(Show)]),
    };

    private static JsonObject Show(Toxic toxic) => new()
    {
        ["name"] = toxic.Name,
        ["type"] = toxic.Type,
        ["stream"] = toxic.Stream,
        ["toxicity"] = toxic.Toxicity,
        ["attributes"] = toxic.Attributes.DeepClone(),
    };

    private static JsonObject Attributes(JsonNode body) => body["attributes"]?.DeepClone() as JsonObject ?? [];

    private static string? Text(JsonNode? body, string member) => body is JsonObject ? body[member]?.GetValue<string>() : null;

    private static bool? Flag(JsonNode body, string member) => body is JsonObject ? body[member]?.GetValue<bool>() : null;

    private static IResult Json(JsonNode body, int status = StatusCodes.Status200OK) => Results.Json(body, statusCode: status);

    private static IResult Error(int status, string message) =>
        Results.Json(new JsonObject { ["error"] = message, ["status"] = status }, statusCode: status);
}
