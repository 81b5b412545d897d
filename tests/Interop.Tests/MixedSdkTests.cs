using System.Text.Json;
using Temporalio.Client;
using Temporalio.Exceptions;
using Temporalio.Worker;

namespace Interop.Tests;

/// <summary>
/// Two SDKs in one application. Aim: payloads and failures mean the same on both sides. Method: a worker of the genuine TypeScript SDK in its own process and one in C#
/// in this process, each calling the other's activities, children and handlers through the embedded server.
/// </summary>
public sealed class MixedSdkTests(MixedWorkers workers) : IClassFixture<MixedWorkers>
{
    [Fact]
    public async Task TypeScriptWorkflow_CallsCSharp()
    {
        Assert.SkipWhen(workers.Absent is not null, workers.Absent ?? "");

        var result = await workers.Client.ExecuteWorkflowAsync<JsonElement>("callsCSharp", [MixedWorkers.CSharpQueue], workers.Start(MixedWorkers.TypeScriptQueue));

        result.GetProperty("greeting").GetString().ShouldBe("Hello, Žluťoučký kůň ☕!");
        result.GetProperty("order").GetRawText().ShouldBe("""{"Sku":"a","Count":2,"Note":null,"Total":14}""");
        result.GetProperty("bytes").GetRawText().ShouldBe("[255,2,1]");
        result.GetProperty("nothing").ValueKind.ShouldBe(JsonValueKind.Null);
        Failure(result, "refused").ShouldBe("ActivityFailure 'Activity task failed' <- ApplicationFailure CSharpRefused final ['first',{'Pressure':9}] 'no' <- ApplicationFailure ArgumentException [] 'a leak'");
        Failure(result, "broken").ShouldBe("ActivityFailure 'Activity task failed' <- ApplicationFailure InvalidOperationException [] 'ordinary'");
        result.GetProperty("child").GetString().ShouldBe("child did work");
        Failure(result, "childFailed").ShouldBe("ChildWorkflowFailure 'Child Workflow execution failed' <- ApplicationFailure CSharpChildFailed final [1,'two'] 'the child failed'");
    }

    [Fact]
    public async Task CSharpWorkflow_CallsTypeScript()
    {
        Assert.SkipWhen(workers.Absent is not null, workers.Absent ?? "");

        var log = await workers.Client.ExecuteWorkflowAsync((CallsTypeScript workflow) => workflow.RunAsync(MixedWorkers.TypeScriptQueue), workers.Start(MixedWorkers.CSharpQueue));

        log.ShouldBe(
        [
            "hello Žluťoučký kůň ☕",
            "Order { Sku = a, Count = 2, Note = , Total = 14 }",
            "FF0201",
            "nothing came",
            "Activity task failed <- TypeScriptRefused final [first, 9] no <-  a leak",
            "Activity task failed <- TypeError [] ordinary",
            "child did work",
            "Child Workflow execution failed <- TypeScriptChildFailed final [1, two] the child failed",
        ]);
    }

    [Fact]
    public async Task CSharpClient_TalksToATypeScriptWorkflow()
    {
        Assert.SkipWhen(workers.Absent is not null, workers.Absent ?? "");
        var handle = await workers.Client.StartWorkflowAsync("talks", [], workers.Start(MixedWorkers.TypeScriptQueue));

        (await handle.ExecuteUpdateAsync<int>("add", ["one"])).ShouldBe(1);
        (await handle.ExecuteUpdateAsync<int>("add", ["two"])).ShouldBe(2);
        var refused = await Should.ThrowAsync<WorkflowUpdateFailedException>(() => handle.ExecuteUpdateAsync<int>("add", [""]));
        refused.InnerException.ShouldBeOfType<ApplicationFailureException>().ErrorType.ShouldBe("Empty");
        (await handle.QueryAsync<string[]>("lines", [])).ShouldBe(["one", "two"]);
        (await Should.ThrowAsync<WorkflowQueryFailedException>(() => handle.QueryAsync<string[]>("unknown", []))).Message.ShouldContain("unknown");
        await handle.SignalAsync("finish", ["well"]);
        (await handle.GetResultAsync<JsonElement>()).GetRawText().ShouldBe("""{"said":["one","two"],"finished":"well"}""");
    }

    [Fact]
    public async Task CSharpClient_SeesAFailureOfATypeScriptWorkflow()
    {
        Assert.SkipWhen(workers.Absent is not null, workers.Absent ?? "");

        var failed = await Should.ThrowAsync<WorkflowFailedException>(
            () => workers.Client.ExecuteWorkflowAsync<string>("typeScriptChild", ["fail"], workers.Start(MixedWorkers.TypeScriptQueue)));

        var failure = failed.InnerException.ShouldBeOfType<ApplicationFailureException>();
        failure.ErrorType.ShouldBe("TypeScriptChildFailed");
        failure.NonRetryable.ShouldBeTrue();
        failure.Details.ElementAt<int>(0).ShouldBe(1);
        failure.Details.ElementAt<string>(1).ShouldBe("two");
        failure.StackTrace!.ShouldContain("typeScriptChild");
    }

    // What the TypeScript workflow saw of a failure, in one line.
    private static string Failure(JsonElement result, string name)
    {
        var parts = new List<string>();
        for (var failure = result.GetProperty(name); failure.ValueKind == JsonValueKind.Object; failure = failure.TryGetProperty("cause", out var cause) ? cause : default)
        {
            var kind = failure.GetProperty("name").GetString();
            var application = kind == "ApplicationFailure"
                ? $" {failure.GetProperty("type").GetString()}{(failure.GetProperty("nonRetryable").GetBoolean() ? " final" : "")} {(failure.TryGetProperty("details", out var details) && details.ValueKind == JsonValueKind.Array ? details.GetRawText().Replace('"', '\'') : "[]")}"
                : "";
            parts.Add($"{kind}{application} '{failure.GetProperty("message").GetString()}'");
        }
        return string.Join(" <- ", parts);
    }
}
