using System.Text.Json;
using Payments.Ids;

namespace Payments.Ingress;

/// <summary>The generic addresses: every registered handler, called, sent, attached to, looked up and cancelled.</summary>
public static class InvocationEndpoints
{
    public static void MapInvocations(this IEndpointRouteBuilder app, ServiceRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(registry);
        foreach (var handler in registry.Handlers)
        {
            var path = $"/{handler.Service}/{{id}}/{handler.Name}";
            foreach (var prefix in new[] { "", "/restate/call" })
            {
                app.MapPost(prefix + path, (HttpContext http) => CallAsync(http, handler));
            }
            foreach (var send in new[] { path + "/send", "/restate/send" + path })
            {
                app.MapPost(send, (HttpContext http) => SendAsync(http, handler));
            }
        }
        foreach (var query in registry.Queries)
        {
            foreach (var prefix in new[] { "", "/restate/call" })
            {
                app.MapGet($"{prefix}/{query.Service}/{{id}}/{query.Name}", (HttpContext http) => query.AnswerAsync(http, PathId(http)));
                app.MapPost($"{prefix}/{query.Service}/{{id}}/{query.PostName}", (HttpContext http) => query.AnswerAsync(http, PathId(http)));
            }
        }
        app.MapGet("/restate/attach/{invocationId}", (HttpContext http, string invocationId) => AttachAsync(http, registry, invocationId, null));
        app.MapGet("/restate/output/{invocationId}", (HttpContext http, string invocationId) => OutputAsync(http, registry, invocationId, null));
        app.MapPost("/restate/attach", (HttpContext http) => ByTargetAsync(http, registry, AttachAsync));
        app.MapPost("/restate/output", (HttpContext http) => ByTargetAsync(http, registry, OutputAsync));
        app.MapPost("/restate/lookup", (HttpContext http) => ByTargetAsync(http, registry, LookupAsync));
        app.MapPatch("/invocations/{invocationId}/cancel", (HttpContext http, string invocationId) => CancelAsync(http, registry, invocationId));
    }

    /// <summary>The path id as the caller wrote it, decoded once. Routing leaves "%2F" encoded, so an id with a slash is read from the raw target.</summary>
    public static string PathId(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        var routed = (string)http.Request.RouteValues["id"]!;
        if (!routed.Contains('%', StringComparison.Ordinal))
        {
            return routed;
        }
        var target = http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()?.RawTarget ?? "";
        foreach (var segment in target.Split('?')[0].Split('/'))
        {
            // The one segment that routing decodes to what it gave us.
            if (segment.Contains('%', StringComparison.Ordinal) && DecodedButSlashes(segment) == routed)
            {
                return Uri.UnescapeDataString(segment);
            }
        }
        return routed;
    }

    // Both spellings mean the slash, and routing leaves each as it was written.
    private static string DecodedButSlashes(string segment) => Uri.UnescapeDataString(
        segment.Replace("%2F", "%252F", StringComparison.Ordinal).Replace("%2f", "%252f", StringComparison.Ordinal));

    /// <exception cref="ProblemException">It is there more than once: to follow one of them would be to guess.</exception>
    public static string? QueryOf(HttpContext http, string name)
    {
        ArgumentNullException.ThrowIfNull(http);
        return http.Request.Query[name] switch
        {
            [] => null,
            [var one] => one,
            _ => throw new ProblemException(Problem.Field(name, "is there more than once.")),
        };
    }

    private static async Task CallAsync(HttpContext http, IngressHandler handler)
    {
        var invocation = await Factory(http).FromPathAsync(http, handler, PathId(http)).ConfigureAwait(false);
        await Runner(http).CallAsync(http, invocation).ConfigureAwait(false);
    }

    private static async Task SendAsync(HttpContext http, IngressHandler handler)
    {
        var delay = TimeSpan.Zero;
        if (QueryOf(http, "delay") is { } text)
        {
            var max = http.RequestServices.GetRequiredService<Microsoft.Extensions.Options.IOptions<LimitOptions>>().Value.DelayMax;
            if (!Delay.TryParse(text, out delay) || delay < TimeSpan.Zero || delay > max)
            {
                throw new ProblemException(Problem.Field("delay", $"must be a duration such as PT10S or 10s, at most {max.TotalDays} days."));
            }
        }
        var invocation = await Factory(http).FromPathAsync(http, handler, PathId(http)).ConfigureAwait(false);
        await Runner(http).SendAsync(http, invocation, delay).ConfigureAwait(false);
    }

    private static async Task AttachAsync(HttpContext http, ServiceRegistry registry, string text, string? rawKey)
    {
        var (handler, id) = Resolve(http, registry, text);
        try
        {
            var known = await handler.LookAsync(id, http.RequestAborted).ConfigureAwait(false);
            Check(known, id);
            var invocation = Stored(handler, id, rawKey);
            if (known.Reply is { } ready)
            {
                await Runner(http).AnswerAsync(http, invocation, ready, TimeProvider.System.GetTimestamp(), fromDoor: false).ConfigureAwait(false);
                return;
            }
            var options = http.RequestServices.GetRequiredService<Microsoft.Extensions.Options.IOptions<IdempotencyOptions>>().Value;
            var (preferences, error) = Preferences.Parse(http.Request.Headers[ApiHeaders.Prefer], options);
            if (error is not null)
            {
                throw new ProblemException(Problem.Field(ApiHeaders.Prefer, error));
            }
            using var wait = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
            wait.CancelAfter(preferences.Wait);
            try
            {
                var reply = await handler.AttachAsync(id, wait.Token).ConfigureAwait(false);
                await Runner(http).AnswerAsync(http, invocation, reply, TimeProvider.System.GetTimestamp(), fromDoor: false).ConfigureAwait(false);
            }
            catch (Exception e) when (EngineFaults.IsTimeout(e) && !http.RequestAborted.IsCancellationRequested)
            {
                await Runner(http).AcceptAsync(http, invocation, known.CurrentStatus ?? "accepted", null).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (EngineFaults.ToProblem(e) is { } problem)
        {
            throw new ProblemException(problem with { InvocationId = text });
        }
    }

    private static async Task OutputAsync(HttpContext http, ServiceRegistry registry, string text, string? rawKey)
    {
        var (handler, id) = Resolve(http, registry, text);
        Known known;
        try
        {
            known = await handler.LookAsync(id, http.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception e) when (EngineFaults.ToProblem(e) is { } problem)
        {
            throw new ProblemException(problem with { InvocationId = text });
        }
        Check(known, id);
        if (known.Reply is not { } reply)
        {
            throw new ProblemException(new(ProblemType.NotReady, "The outcome is not there yet.") { InvocationId = text, CurrentStatus = known.CurrentStatus });
        }
        await Runner(http).AnswerAsync(http, Stored(handler, id, rawKey), reply, TimeProvider.System.GetTimestamp(), fromDoor: false).ConfigureAwait(false);
    }

    private static async Task LookupAsync(HttpContext http, ServiceRegistry registry, string text, string? rawKey)
    {
        var (handler, id) = Resolve(http, registry, text);
        try
        {
            Check(await handler.LookAsync(id, http.RequestAborted).ConfigureAwait(false), id);
        }
        catch (Exception e) when (EngineFaults.ToProblem(e) is { } problem)
        {
            throw new ProblemException(problem);
        }
        await http.WriteJsonAsync(json =>
        {
            json.WriteStartObject();
            json.WriteString("invocationId", text);
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }

    private static async Task CancelAsync(HttpContext http, ServiceRegistry registry, string text)
    {
        var (handler, id) = Resolve(http, registry, text);
        try
        {
            Check(await handler.LookAsync(id, http.RequestAborted).ConfigureAwait(false), id);
            await handler.CancelAsync(id, http.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception e) when (EngineFaults.ToProblem(e) is { } problem)
        {
            throw new ProblemException(EngineFaults.IsNotFound(e) ? new(ProblemType.NotFound, "There is no such invocation.") : problem);
        }
        await Runner(http).AcceptAsync(http, Stored(handler, id, null), "CancelRequested", null).ConfigureAwait(false);
    }

    /// <summary>An invocation named by service, key, handler and idempotency key. The body that it had is asked for, because the id contains its fingerprint.</summary>
    private static async Task ByTargetAsync(HttpContext http, ServiceRegistry registry, Func<HttpContext, ServiceRegistry, string, string?, Task> then)
    {
        var body = await RequestBody.ReadAsync(http, optional: false).ConfigureAwait(false);
        string Member(string name) => body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new ProblemException(Problem.Field(name, "is required: a string."));
        if (Member("target") != "idempotentInvocation")
        {
            throw new ProblemException(Problem.Field("target", "must be idempotentInvocation."));
        }
        var (service, objectId, name) = (Member("service"), Member("key"), Member("handler"));
        var (key, error) = IdempotencyKeyHeader.ParseValue(Member("idempotencyKey"));
        if (error is not null)
        {
            throw new ProblemException(Problem.Field("idempotencyKey", error));
        }
        InvocationFactory.CheckObjectId(objectId);
        var handler = registry.Find(service, name) ?? throw new ProblemException(new(ProblemType.NotFound, $"There is no handler {service}/{name}."));
        var merchant = http.RequestServices.GetRequiredService<Merchants>().Of(http);
        var hash = InvocationFactory.KeyHashOf(handler, merchant, objectId, key!);
        var workflowId = handler.WorkflowIdOf(merchant, objectId, hash);
        Known known;
        try
        {
            known = await handler.LookAsync(new InvocationId(workflowId, PaymentIds.Update(name, hash, new string('0', 16))), http.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception e) when (EngineFaults.ToProblem(e) is { } problem)
        {
            throw new ProblemException(problem);
        }
        if (known.Fingerprint is null)
        {
            throw new ProblemException(new(ProblemType.NotFound, "There is no such invocation."));
        }
        await then(http, registry, new InvocationId(workflowId, PaymentIds.Update(name, hash, known.Fingerprint)).ToString(), key).ConfigureAwait(false);
    }

    private static (IngressHandler Handler, InvocationId Id) Resolve(HttpContext http, ServiceRegistry registry, string text)
    {
        var merchant = http.RequestServices.GetRequiredService<Merchants>().Of(http);
        if (InvocationId.TryParse(text, out var id) && id.Merchant == merchant && registry.FindByWorkflow(id) is { } handler)
        {
            return (handler, id);
        }
        throw new ProblemException(new(ProblemType.NotFound, "There is no such invocation."));
    }

    private static void Check(Known known, InvocationId id)
    {
        var anotherBody = known.Fingerprint is not null && known.Fingerprint != id.Fingerprint;
        if (known.State == KnownState.Unknown || anotherBody)
        {
            throw new ProblemException(new(ProblemType.NotFound, "There is no such invocation."));
        }
    }

    /// <summary>An invocation that was made earlier: whoever asks now is not its first caller.</summary>
    private static Invocation Stored(IngressHandler handler, InvocationId id, string? rawKey) => new()
    {
        Handler = handler,
        Merchant = id.Merchant,
        ObjectId = Uri.UnescapeDataString(id.WorkflowId.Split('/')[2]),
        RawKey = rawKey,
        KeyHash = id.KeyHash,
        Fingerprint = id.Fingerprint,
        Nonce = "",
        KeyTtl = TimeSpan.Zero,
        Request = id,
        Given = id,
        Shape = Shape.MinorUnits,
    };

    private static InvocationFactory Factory(HttpContext http) => http.RequestServices.GetRequiredService<InvocationFactory>();

    private static InvocationRunner Runner(HttpContext http) => http.RequestServices.GetRequiredService<InvocationRunner>();
}
