using Temporalio.Activities;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Interop.Tests;

public sealed record Order(string Sku, int Count, string? Note, int Total = 0);

/// <summary>The C# side of what the TypeScript worker has under the same roles.</summary>
public static class CSharpActivities
{
    [Activity]
    public static string Greet(string name) => $"Hello, {name}!";

    [Activity]
    public static Order Price(Order order) => order with { Total = order.Count * 7, Note = null };

    [Activity]
    public static byte[] Reverse(byte[] bytes) => [.. bytes.Reverse()];

    [Activity]
    public static void Nothing()
    {
    }

    [Activity]
    public static void Refuse(string reason) => throw new ApplicationFailureException(
        reason, new ArgumentException("a leak"), errorType: "CSharpRefused", nonRetryable: true, details: ["first", new { Pressure = 9 }]);

    [Activity]
    public static void Break() => throw new InvalidOperationException("ordinary");
}

[Workflow]
public class CSharpChild
{
    [WorkflowRun]
    public Task<string> RunAsync(string what) => what == "fail"
        ? throw new ApplicationFailureException("the child failed", errorType: "CSharpChildFailed", nonRetryable: true, details: [1, "two"])
        : Task.FromResult($"child did {what}");
}

[Workflow]
public class CallsTypeScript
{
    [WorkflowRun]
    public async Task<List<string>> RunAsync(string taskQueue)
    {
        var options = new ActivityOptions { TaskQueue = taskQueue, StartToCloseTimeout = TimeSpan.FromSeconds(30), RetryPolicy = new() { MaximumAttempts = 1 } };
        Task<string> Child(string what) => Workflow.ExecuteChildWorkflowAsync<string>(
            "typeScriptChild", [what], new() { TaskQueue = taskQueue, Id = $"{Workflow.Info.WorkflowId}/{what}" });
        return
        [
            await Workflow.ExecuteActivityAsync<string>("greet", ["Žluťoučký kůň ☕"], options),
            (await Workflow.ExecuteActivityAsync<Order>("price", [new Order("a", 2, "n")], options)).ToString(),
            Convert.ToHexString(await Workflow.ExecuteActivityAsync<byte[]>("reverse", [new byte[] { 1, 2, 255 }], options)),
            await Workflow.ExecuteActivityAsync<string?>("nothing", [], options) ?? "nothing came",
            await FailureOfAsync(Workflow.ExecuteActivityAsync("refuse", ["no"], options)),
            await FailureOfAsync(Workflow.ExecuteActivityAsync("breaks", [], options)),
            await Child("work"),
            await FailureOfAsync(Child("fail")),
        ];
    }

    private static async Task<string> FailureOfAsync(Task call)
    {
        try
        {
            await call;
            return "no failure";
        }
        catch (Exception e) when (e is ActivityFailureException or ChildWorkflowFailureException)
        {
            var failure = (ApplicationFailureException)e.InnerException!;
            var details = failure.Details.Count == 0 ? "" : $"{Detail(failure.Details, 0)}, {Detail(failure.Details, 1)}";
            var cause = failure.InnerException is ApplicationFailureException inner ? $" <- {inner.ErrorType} {inner.Message}" : "";
            return $"{e.Message} <- {failure.ErrorType}{(failure.NonRetryable ? " final" : "")} [{details}] {failure.Message}{cause}";
        }
    }

    private static object Detail(IFailureDetails details, int index)
    {
        var value = details.ElementAt<System.Text.Json.JsonElement>(index);
        return value.ValueKind == System.Text.Json.JsonValueKind.Object ? value.GetProperty("pressure").GetInt32() : value.ToString();
    }
}
