using System.Globalization;
using System.Text.Json;
using Payments.Gateway.Mock.Faults;

namespace Payments.Gateway.Mock.Http;

/// <summary>The fault plan and the gates.</summary>
internal sealed class FaultEndpoints(FaultBox faults, Gates gates, TimeProvider clock)
{
    private const int WaitDefaultMs = 10_000;

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/faults", http => Reply.JsonAsync(http, StatusCodes.Status200OK, faults.Plan, GatewayJson.Default.FaultPlan));
        app.MapPost("/faults", SetAsync);
        app.MapDelete("/faults", http =>
        {
            faults.Set(new FaultPlan());
            gates.ReleaseAll();
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        });
        app.MapGet("/gates/{name}", WaitAsync);
        app.MapPost("/gates/{name}/release", http =>
        {
            var gate = gates[Name(http)];
            gate.Release();
            return Reply.JsonAsync(http, StatusCodes.Status200OK, gate.State, GatewayJson.Default.GateState);
        });
    }

    private async Task SetAsync(HttpContext http)
    {
        FaultPlan? plan;
        try
        {
            plan = await JsonSerializer.DeserializeAsync(http.Request.Body, GatewayJson.Default.FaultPlan, http.RequestAborted);
        }
        catch (JsonException e)
        {
            await Reply.ErrorAsync(http, StatusCodes.Status400BadRequest, "invalid_request", $"The plan is not what is expected at {e.Path ?? "its begin"}.");
            return;
        }
        if (plan is null || plan.Problem() is not null)
        {
            await Reply.ErrorAsync(http, StatusCodes.Status400BadRequest, "invalid_request", plan?.Problem() ?? "The body must be a JSON object.");
            return;
        }
        faults.Set(plan);
        await Reply.JsonAsync(http, StatusCodes.Status200OK, faults.Plan, GatewayJson.Default.FaultPlan);
    }

    private async Task WaitAsync(HttpContext http)
    {
        var gate = gates[Name(http)];
        var there = true;
        if (Number(http, "waiting") is { } count)
        {
            using var late = new CancellationTokenSource(TimeSpan.FromMilliseconds(Number(http, "timeoutMs") ?? WaitDefaultMs), clock);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(late.Token, http.RequestAborted);
            there = await gate.WaitForAsync(count, over.Token);
        }
        await Reply.JsonAsync(http, there ? StatusCodes.Status200OK : StatusCodes.Status408RequestTimeout, gate.State, GatewayJson.Default.GateState);
    }

    private static string Name(HttpContext http) => http.Request.RouteValues["name"]!.ToString()!;

    private static int? Number(HttpContext http, string name) =>
        int.TryParse(http.Request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
