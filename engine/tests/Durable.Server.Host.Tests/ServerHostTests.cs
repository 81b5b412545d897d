using System.Diagnostics;
using System.Net;
using Durable.Protocol;
using Temporalio.Api.TestService.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Host.Tests;

public class ServerHostTests
{
    [Fact]
    public async Task Start_WithSearchAttributesAndNamespaces_RegistersThem()
    {
        await using var fixture = await HostFixture.StartAsync(static options => options with { Namespaces = ["default", "other"], SearchAttributes = ["Amount=Int"] });

        (await fixture.CallAsync(WorkflowServiceMethods.DescribeNamespace, new DescribeNamespaceRequest { Namespace = "other" })).NamespaceInfo.Name.ShouldBe("other");
        (await fixture.CallAsync(WorkflowServiceMethods.CountWorkflowExecutions, new CountWorkflowExecutionsRequest { Namespace = "other", Query = "Amount > 3" })).Count.ShouldBe(0);
    }

    [Theory]
    [InlineData("Amount")]
    [InlineData("Amount=Number")]
    [InlineData("Amount=0")]
    public async Task Start_WrongSearchAttribute_SaysWhichTypesThereAre(string attribute) =>
        (await Should.ThrowAsync<ArgumentException>(() => HostFixture.StartAsync(options => options with { SearchAttributes = [attribute] })))
            .Message.ShouldContain("KeywordList");

    [Fact]
    public async Task Start_PortTaken_FailsAndLeavesTheFileToTheNext()
    {
        using var folder = new TempFolder();
        await using var first = await HostFixture.StartAsync();
        await Should.ThrowAsync<IOException>(() => HostFixture.StartAsync(options => options with { Port = first.Host.Port, DatabaseFile = folder.File("x.db") }));

        await using var second = await HostFixture.StartAsync(options => options with { DatabaseFile = folder.File("x.db") });
        await second.ShouldServeOthersAsync();
    }

    [Fact]
    public async Task Stop_WithPollsAndWaits_IsPromptAndTellsThem()
    {
        var fixture = await HostFixture.StartAsync();
        var polls = Enumerable.Range(0, 20).Select(i => fixture.CallAsync(
            WorkflowServiceMethods.PollWorkflowTaskQueue,
            new PollWorkflowTaskQueueRequest { Namespace = "default", TaskQueue = new() { Name = "queue" }, Identity = $"worker-{i}" })).ToArray();
        await fixture.UntilPolledByAsync(polls.Length);
        var began = Stopwatch.GetTimestamp();

        await fixture.Host.DisposeAsync();

        Stopwatch.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(30));
        foreach (var poll in polls)
        {
            var ended = await Task.WhenAny(poll);
            ended.IsCanceled.ShouldBeFalse();
        }
    }

    [Fact]
    public async Task TestService_OnADevelopmentServer_IsUnknown() =>
        (await Should.ThrowAsync<RpcFaultException>(async () =>
        {
            await using var fixture = await HostFixture.StartAsync();
            await fixture.CallAsync(TestServiceMethods.GetCurrentTime, new Google.Protobuf.WellKnownTypes.Empty());
        })).Message.ShouldBe("unknown service temporal.api.testservice.v1.TestService");

    [Fact]
    public async Task TestService_OnATestServer_SkipsTime()
    {
        await using var fixture = await HostFixture.StartAsync(static options => options with { TimeSkipping = true, Headless = true });
        var empty = new Google.Protobuf.WellKnownTypes.Empty();
        var before = (await fixture.CallAsync(TestServiceMethods.GetCurrentTime, empty)).Time.ToDateTime();

        await fixture.CallAsync(TestServiceMethods.UnlockTimeSkippingWithSleep, new SleepRequest { Duration = new() { Seconds = 86_400 * 365 } });

        ((await fixture.CallAsync(TestServiceMethods.GetCurrentTime, empty)).Time.ToDateTime() - before).ShouldBeInRange(TimeSpan.FromDays(365), TimeSpan.FromDays(366));
    }

    [Fact]
    public async Task Pages_ShowWorkflowsAndEscapeWhatTheyAreCalled()
    {
        await using var fixture = await HostFixture.StartAsync();
        const string Hostile = "<script>alert('x')</script>/\"&";
        var run = (await fixture.StartWorkflowAsync(Hostile, type: "<b>type</b>")).RunId;
        using var http = new HttpClient { BaseAddress = fixture.Web };

        var list = await http.GetAsync("/");
        var text = await list.Content.ReadAsStringAsync();
        text.ShouldContain("&lt;script&gt;");
        text.ShouldNotContain("<script>");
        text.ShouldNotContain("<b>type");
        list.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("default-src 'none'");

        var history = await http.GetStringAsync($"/namespaces/default/workflows/{Uri.EscapeDataString(Hostile)}/{run}/history");
        history.ShouldContain("WorkflowExecutionStarted");
        history.ShouldNotContain("<script>");
        (await http.GetAsync($"/namespaces/default/workflows/nope/{run}/history")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await http.GetAsync("/namespaces/default/workflows?query=this+is+wrong")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await http.PostAsync("/namespaces/default/workflows", null)).StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task Pages_ManyWorkflows_ArePaged()
    {
        await using var fixture = await HostFixture.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 150).Select(i => fixture.StartWorkflowAsync($"workflow-{i:000}")));
        using var http = new HttpClient { BaseAddress = fixture.Web };
        var first = await http.GetStringAsync("/namespaces/default/workflows?query=WorkflowType+%3D+%22test%22");
        var next = WebUtility.HtmlDecode(first[(first.LastIndexOf("href=\"", StringComparison.Ordinal) + 6)..first.LastIndexOf("\">Next page", StringComparison.Ordinal)]);

        var second = await http.GetStringAsync(next);

        var seen = Enumerable.Range(0, 150).Select(i => $"workflow-{i:000}</a>").ToArray();
        seen.Count(first.Contains).ShouldBe(100);
        seen.Count(second.Contains).ShouldBe(50);
        second.ShouldNotContain("Next page");
    }

    [Fact]
    public async Task HttpApi_AnswersWhatTheServiceAnswers()
    {
        await using var fixture = await HostFixture.StartAsync(static options => options with { HttpPort = 0 });
        await fixture.StartWorkflowAsync("workflow");
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{fixture.Host.HttpPort}") };

        (await http.GetStringAsync("/api/v1/namespaces/default/workflows")).ShouldContain("\"workflowId\": \"workflow\"");
        (await http.GetStringAsync("/api/v1/namespaces/default/workflow-count?query=")).ShouldContain("\"count\": \"1\"");
        (await http.GetStringAsync("/api/v1/namespaces/default/workflows/workflow/history")).ShouldContain("EVENT_TYPE_WORKFLOW_EXECUTION_STARTED");
        (await http.GetAsync("/api/v1/namespaces/default/workflows/nope")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await http.GetAsync("/api/v1/namespaces/default/workflows?nextPageToken=%21")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Metrics_HaveTemporalsNamesAndPassPromtool()
    {
        await using var fixture = await HostFixture.StartAsync(static options => options with { MetricsPort = 0 });
        await fixture.StartWorkflowAsync("workflow");
        await Should.ThrowAsync<RpcFaultException>(() => fixture.StartWorkflowAsync("workflow"));
        await fixture.CallAsync(
            WorkflowServiceMethods.DeleteWorkflowExecution, new DeleteWorkflowExecutionRequest { Namespace = "default", WorkflowExecution = new() { WorkflowId = "workflow" } });
        using var http = new HttpClient();
        var metrics = await http.GetStringAsync($"http://127.0.0.1:{fixture.Host.MetricsPort}/metrics");

        metrics.ShouldContain("service_requests_total{operation=\"StartWorkflowExecution\"");
        metrics.ShouldContain("service_errors_total{operation=\"StartWorkflowExecution\"");
        metrics.ShouldContain("service_latency_seconds_bucket{operation=\"StartWorkflowExecution\"");
        metrics.ShouldContain("persistence_requests_total{operation=\"CreateWorkflowExecution\"");
        metrics.ShouldContain("persistence_requests_total{operation=\"UpdateWorkflowExecution\"");
        metrics.ShouldContain("persistence_requests_total{operation=\"DeleteWorkflowExecution\"");
        metrics.ShouldContain("persistence_latency_seconds_count{operation=\"CreateWorkflowExecution\"");
        metrics.ShouldNotContain("workflow\"");
        (await fixture.Web.GetAsync("/metrics")).ShouldContain("service_requests_total");
        await Promtool.CheckAsync(metrics);
    }
}
