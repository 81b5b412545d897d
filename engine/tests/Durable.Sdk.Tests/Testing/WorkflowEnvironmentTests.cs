using Durable.Sdk.Tests.Samples;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Temporalio.Client;
using Temporalio.Extensions.Hosting;
using Temporalio.Testing;
using Temporalio.Worker;

namespace Durable.Sdk.Tests.Testing;

public class WorkflowEnvironmentTests
{
    [Fact]
    public async Task TimeSkipping_WaitForAResult_JumpsOverTheWait()
    {
        await using var environment = await WorkflowEnvironment.StartTimeSkippingAsync();
        environment.SupportsTimeSkipping.ShouldBeTrue();
        var began = await environment.GetCurrentTimeAsync();
        using var worker = new TemporalWorker(environment.Client, new TemporalWorkerOptions(SampleWorker.TaskQueue).AddWorkflow<Sleeper>());

        await worker.ExecuteAsync(async () =>
            (await environment.Client.ExecuteWorkflowAsync((Sleeper workflow) => workflow.RunAsync(30), SampleWorker.Start())).ShouldBe("slept after 30 days")).WaitAsync(SampleWorker.Patience);

        (await environment.GetCurrentTimeAsync() - began).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromDays(30));
    }

    [Fact]
    public async Task TimeSkipping_Delay_JumpsAsFarAndNoFurther()
    {
        await using var environment = await WorkflowEnvironment.StartTimeSkippingAsync();
        using var worker = new TemporalWorker(environment.Client, new TemporalWorkerOptions(SampleWorker.TaskQueue).AddWorkflow<Sleeper>());

        await worker.ExecuteAsync(async () =>
        {
            var handle = await environment.Client.StartWorkflowAsync((Sleeper workflow) => workflow.RunAsync(30), SampleWorker.Start());
            var before = await environment.GetCurrentTimeAsync();
            await environment.DelayAsync(TimeSpan.FromDays(10));
            (await environment.GetCurrentTimeAsync() - before).TotalDays.ShouldBe(10, 0.1);
            await handle.SignalAsync(workflow => workflow.WakeAsync());

            (await handle.GetResultAsync()).ShouldBe("woken after 10 days");
        }).WaitAsync(SampleWorker.Patience);
    }

    [Fact]
    public async Task TimeSkipping_SwitchedOff_AWaitForAResultDoesNotJump()
    {
        await using var environment = await WorkflowEnvironment.StartTimeSkippingAsync();
        using var worker = new TemporalWorker(environment.Client, new TemporalWorkerOptions(SampleWorker.TaskQueue).AddWorkflow<Sleeper>());

        await worker.ExecuteAsync(() => environment.WithAutoTimeSkippingDisabledAsync(async () =>
        {
            var handle = await environment.Client.StartWorkflowAsync((Sleeper workflow) => workflow.RunAsync(30), SampleWorker.Start());
            var result = handle.GetResultAsync();
            await handle.SignalAsync(workflow => workflow.WakeAsync());

            (await result).ShouldBe("woken after 0 days");
        })).WaitAsync(SampleWorker.Patience);
    }

    [Fact]
    public async Task TargetHost_OfAnEnvironment_LeadsOtherClientsOfThisProcessToIt()
    {
        await using var environment = await WorkflowEnvironment.StartLocalAsync();
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddHostedTemporalWorker(environment.Client.Connection.Options.TargetHost!, environment.Client.Options.Namespace, SampleWorker.TaskQueue)
            .AddWorkflow<GreetingWorkflow>().AddSingletonActivities<GreetingActivities>();
        using var host = builder.Build();
        await host.StartAsync();
        var other = await TemporalClient.ConnectAsync(new(environment.Client.Connection.Options.TargetHost!));

        (await other.ExecuteWorkflowAsync((GreetingWorkflow workflow) => workflow.RunAsync("host", false), SampleWorker.Start()).WaitAsync(SampleWorker.Patience)).ShouldBe("Hello, host!");

        await host.StopAsync();
    }

    [Fact]
    public async Task ExtraArguments_ForAServer_AlsoHoldForTheOneInThisProcess()
    {
        await using var environment = await WorkflowEnvironment.StartLocalAsync(new()
        {
            DevServerOptions = new()
            {
                ExtraArgs =
                [
                    "--namespace", "second", "--headless", "--search-attribute=Shop=Keyword", "--log-level", "never", "--dynamic-config-value", "limit.blobSize.error=1234",
                ],
            },
        });
        var client = environment.Client;

        var described = await client.WorkflowService.DescribeNamespaceAsync(new() { Namespace = "second" });
        described.NamespaceInfo.Limits.BlobSizeLimitError.ShouldBe(1234);
        (await client.OperatorService.ListSearchAttributesAsync(new() { Namespace = "second" })).CustomAttributes.Keys.ShouldContain("Shop");
    }

    [Theory]
    [InlineData("--dynamic-config-value", "limit.blobSize.error=none")]
    [InlineData("--search-attribute", "Shop=None")]
    public async Task ExtraArgument_ThatMakesNoSense_IsRefused(string flag, string value) =>
        (await Should.ThrowAsync<ArgumentException>(() => WorkflowEnvironment.StartLocalAsync(new() { DevServerOptions = new() { ExtraArgs = [flag, value] } })))
            .Message.ShouldStartWith($"invalid argument \"{value}\" for \"{flag}\" flag: ");
}
