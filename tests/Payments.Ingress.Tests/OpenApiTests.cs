using System.Text.Json;
using System.Text.RegularExpressions;

namespace Payments.Ingress.Tests;

/// <summary>
/// The document tells the truth. Aim: what is served is what it describes. Method: a life of payments is played, and each answer is looked up in the document by
/// method, path and status, and held against the schema there. <see cref="DoorTests"/> compares the paths themselves.
/// </summary>
public class OpenApiTests
{
    private static readonly object Body = new { amount = 10_000, currency = "USD", customerId = "c" };

    [Fact]
    public async Task Answers_OfALifeOfPayments_AsDescribed()
    {
        await using var service = await PaymentService.StartAsync();
        var document = (await service.GetAsync("/openapi.json")).Json;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        async Task<Answer> Ask(string method, string path, string? key = null, object? body = null, params (string, string)[] headers)
        {
            var answer = await service.SendAsync(PaymentService.Message(new HttpMethod(method), path, key, body, headers));
            seen.Add(Check(document, method, path.Split('?')[0], answer));
            return answer;
        }

        var id = (await Ask("POST", "/PaymentService/p/Create", "k", Body)).Header("X-Invocation-Id");
        await Ask("POST", "/restate/call/PaymentService/p/Create", "k", Body);
        await Ask("POST", "/PaymentService/p/Create", "k", new { amount = 1, currency = "USD" });
        await Ask("POST", "/PaymentService/p/Create", "k2", Body);
        await Ask("POST", "/PaymentService/p/Create", "k", """{"amount":0}""");
        await Ask("POST", "/PaymentService/d/Create", "k", new { amount = 1, currency = "USD", paymentMethod = "tok_declined" });
        await Ask("POST", "/PaymentService/p/Refund", "r", new { amount = 1_000 });
        await Ask("POST", "/PaymentService/p/Refund", "r", new { amount = 1_000 });
        await Ask("POST", "/PaymentService/p/Refund", "r2", new { amount = 99_999 });
        await Ask("POST", "/PaymentService/nobody/Refund", "r");
        await Ask("POST", "/PaymentService/p/Refund");
        await Ask("POST", "/PaymentService/p/Cancel");
        var later = (await Ask("POST", "/PaymentService/later/Create/send?delay=1h", "k", Body)).Header("X-Invocation-Id");
        await Ask("POST", "/restate/send/PaymentService/later/Create", "k", Body);
        await Ask("POST", "/PaymentService/later/Create", "k", Body, ("Prefer", "wait=0"));
        await Ask("POST", "/PaymentService/later/Create", "k", Body, ("Idempotency-Conflict", "reject"));
        await Ask("GET", "/restate/output/" + later);
        await Ask("GET", "/restate/attach/" + later, null, null, ("Prefer", "wait=0"));
        await Ask("PATCH", $"/invocations/{later}/cancel");
        await Ask("GET", "/restate/attach/" + later);
        await Ask("POST", "/PaymentService/later/Cancel", "c");
        await Ask("GET", "/restate/output/" + id);
        await Ask("GET", "/restate/output/inv_nothing");
        var target = new { target = "idempotentInvocation", service = "PaymentService", key = "p", handler = "Create", idempotencyKey = "k" };
        await Ask("POST", "/restate/attach", null, target);
        await Ask("POST", "/restate/output", null, target);
        await Ask("POST", "/restate/lookup", null, target);
        await Ask("POST", "/restate/lookup", null, """{"target":"x"}""");
        await Ask("GET", "/PaymentService/p/Status");
        await Ask("POST", "/PaymentService/p/GetStatus");
        await Ask("GET", "/PaymentService/nobody/Status");
        await Ask("GET", "/idempotency-keys/k?operation=PaymentService/p/Create");
        await Ask("GET", "/idempotency-keys/nobody");
        await Ask("POST", "/payments", "m", Body);
        await Ask("POST", "/api/v1/payments", "m1", """{"amount":"12.34","currency":"USD"}""");
        await Ask("GET", "/payments");
        await Ask("GET", "/api/v1/payments");
        await Ask("GET", "/payments/p");
        await Ask("GET", "/api/v1/payments/p");
        await Ask("GET", "/payments/stats");
        await Ask("GET", "/admin/stats");
        foreach (var path in new[] { "/health", "/health/ready", "/restate/health" })
        {
            await Ask("GET", path);
        }
        await Ask("DELETE", "/payments");

        seen.Count.ShouldBeGreaterThan(40);
    }

    // What a reader tries first, with the button of /docs. The order is that of a payment's life.
    [Fact]
    public async Task Examples_OfEveryBody_WorkWhenSent()
    {
        await using var service = await PaymentService.StartAsync();
        var document = (await service.GetAsync("/openapi.json")).Json;
        var withBody = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()
            .Where(operation => operation.Value.TryGetProperty("requestBody", out _)).Select(operation => (path.Name, operation.Value))).ToList();
        string[] life = ["Create", "Refund", "attach", "output", "lookup", "payments", "send", "Cancel"];

        foreach (var (path, operation) in withBody.OrderBy(entry => Array.FindIndex(life, entry.Name.EndsWith)))
        {
            var schema = Follow(document, operation.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema"));
            foreach (var example in schema.GetProperty("examples").EnumerateArray())
            {
                Check(document, schema, example, "the example of " + path);
                // A cancellation is for a payment that is still to come.
                var cancels = path.Contains("/Cancel", StringComparison.Ordinal);
                var sent = path.Contains("send", StringComparison.Ordinal);
                var id = cancels ? "payment-for-later" : sent ? "payment-sent" : "payment-123";
                if (cancels)
                {
                    await service.PostAsync("/PaymentService/payment-for-later/Create/send?delay=1h", "later", Body);
                }
                if (sent && path.Contains("Refund", StringComparison.Ordinal))
                {
                    await service.PostAsync("/PaymentService/payment-sent/Create", "unique-key-123", Body);
                }

                var answer = await service.PostAsync(path.Replace("{id}", id, StringComparison.Ordinal), "unique-key-123", example.GetRawText());

                answer.Status.ShouldBeInRange(200, 202, $"{path}: {answer.Text}");
            }
        }

        withBody.Count.ShouldBeGreaterThan(15);
    }

    [Fact]
    public async Task Codes_OfProblems_AllDescribed()
    {
        await using var service = await PaymentService.StartAsync();
        var document = (await service.GetAsync("/openapi.json")).Json;

        document.GetProperty("components").GetProperty("schemas").GetProperty("Problem").GetProperty("properties").GetProperty("code").GetProperty("enum")
            .EnumerateArray().Select(code => code.GetString()).ShouldBe(ProblemType.All.Select(type => type.Code), ignoreOrder: true);
        (await service.GetAsync("/docs/index.html")).Text.ShouldContain("swagger-ui");
    }

    private static string Check(JsonElement document, string method, string path, Answer answer)
    {
        var (template, operation) = document.GetProperty("paths").EnumerateObject()
            .Where(candidate => Matches(candidate.Name, path) && candidate.Value.TryGetProperty(method.ToLowerInvariant(), out _))
            // A literal segment beats a parameter, as in routing.
            .OrderBy(candidate => candidate.Name.Count(c => c == '{'))
            .Select(candidate => (candidate.Name, candidate.Value.GetProperty(method.ToLowerInvariant()))).First();
        var name = $"{method} {template} {answer.Status}";
        operation.GetProperty("responses").TryGetProperty($"{answer.Status}", out var response).ShouldBeTrue($"{name} is not described: {answer.Text}");
        response = Follow(document, response);
        var type = answer.Header("Content-Type")!.Split(';')[0];
        response.GetProperty("content").TryGetProperty(type, out var content).ShouldBeTrue($"{name} is not described as {type}");
        Check(document, content.GetProperty("schema"), answer.Json, name);
        if (response.TryGetProperty("headers", out var headers))
        {
            // Retry-After comes only where a retry helps.
            headers.EnumerateObject().Select(header => header.Name).Where(header => header != "Retry-After" && answer.Header(header) is null)
                .ShouldBeEmpty($"{name} lacks headers");
        }
        return name;
    }

    private static bool Matches(string template, string path)
    {
        var (parts, segments) = (template.Split('/'), path.Split('/'));
        return parts.Length == segments.Length && parts.Zip(segments).All(pair => pair.First.StartsWith('{') || pair.First == pair.Second);
    }

    private static JsonElement Follow(JsonElement document, JsonElement element)
    {
        while (element.TryGetProperty("$ref", out var reference))
        {
            element = reference.GetString()!.Split('/').Skip(1).Aggregate(document, (at, part) => at.GetProperty(part));
        }
        return element;
    }

    /// <summary>As much of JSON Schema as the document uses; an unknown member of an object is an error here, so that nothing is served that is not described.</summary>
    private static void Check(JsonElement document, JsonElement schema, JsonElement value, string where)
    {
        schema = Follow(document, schema);
        if (schema.TryGetProperty("allOf", out var all))
        {
            foreach (var one in all.EnumerateArray())
            {
                Check(document, one, value, where);
            }
            return;
        }
        if (schema.TryGetProperty("type", out var type))
        {
            var types = type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(t => t.GetString()!)] : new[] { type.GetString()! };
            types.ShouldContain(expected => Is(value, expected), $"{where}: {value} is no {type}");
        }
        if (schema.TryGetProperty("enum", out var values))
        {
            values.EnumerateArray().Select(v => v.ToString()).ShouldContain(value.ToString(), where);
        }
        if (schema.TryGetProperty("pattern", out var pattern))
        {
            value.GetString()!.ShouldMatch(pattern.GetString()!, where);
        }
        if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out var items))
        {
            foreach (var item in value.EnumerateArray())
            {
                Check(document, items, item, where + "[]");
            }
        }
        if (value.ValueKind != JsonValueKind.Object)
        {
            return;
        }
        if (schema.TryGetProperty("required", out var required))
        {
            required.EnumerateArray().Select(member => member.GetString()!).Where(member => !value.TryGetProperty(member, out _)).ShouldBeEmpty($"{where} lacks members");
        }
        foreach (var member in value.EnumerateObject())
        {
            if (schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(member.Name, out var described))
            {
                Check(document, described, member.Value, $"{where}.{member.Name}");
            }
            else if (schema.TryGetProperty("additionalProperties", out var rest) && rest.ValueKind == JsonValueKind.Object)
            {
                Check(document, rest, member.Value, $"{where}.{member.Name}");
            }
            else
            {
                Assert.Fail($"{where}.{member.Name} is not described");
            }
        }
    }

    private static bool Is(JsonElement value, string type) => type switch
    {
        "string" => value.ValueKind == JsonValueKind.String,
        "integer" => value.ValueKind == JsonValueKind.Number && !Regex.IsMatch(value.GetRawText(), "[.eE]"),
        "number" => value.ValueKind == JsonValueKind.Number,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => throw new NotSupportedException(type),
    };
}
