using System.Reflection;
using Temporalio.Client;
using Temporalio.Client.Schedules;
using Temporalio.Common;
using Temporalio.Extensions.Hosting;
using Temporalio.Extensions.OpenTelemetry;
using Temporalio.Testing;

namespace Durable.Sdk.Tests.Surface;

/// <summary>Defaults of every class of options, and that a copy shares no options with what it was copied from.</summary>
public class OptionsTests
{
    private static readonly Type[] All =
    [
        .. new[] { typeof(TemporalClient), typeof(TemporalWorkerService), typeof(TracingInterceptor), typeof(WorkflowEnvironment) }
            .SelectMany(static type => type.Assembly.GetExportedTypes())
            .Where(static type => type is { IsClass: true, IsAbstract: false } && type.Namespace!.StartsWith("Temporalio.", StringComparison.Ordinal) &&
                !type.Namespace.StartsWith("Temporalio.Api", StringComparison.Ordinal) && type.GetConstructor([]) is not null &&
                (type.Name.EndsWith("Options", StringComparison.Ordinal) || type == typeof(RetryPolicy) ||
                    type == typeof(SchedulePolicy) || type == typeof(ScheduleSpec) || type == typeof(ScheduleState))),
    ];

    // What is not here is null, false, 0 or empty.
    private static readonly string[] Defaults =
    [
        "ActivityOptions.CancellationType = TryCancel",
        "ActivityOptions.VersioningIntent = Unspecified",
        "ChildWorkflowOptions.CancellationType = WaitCancellationCompleted",
        "ChildWorkflowOptions.IdReusePolicy = AllowDuplicate",
        "ChildWorkflowOptions.ParentClosePolicy = Terminate",
        "ChildWorkflowOptions.VersioningIntent = Unspecified",
        "ContinueAsNewOptions.VersioningIntent = Unspecified",
        "CustomMetricMeterOptions.HistogramDurationFormat = IntegerMilliseconds",
        "DevServerOptions.DownloadVersion = default",
        "DevServerOptions.LogFormat = pretty",
        "DevServerOptions.LogLevel = warn",
        "DnsLoadBalancingOptions.ResolutionInterval = 00:00:30",
        "KeepAliveOptions.Interval = 00:00:30",
        "KeepAliveOptions.Timeout = 00:00:15",
        "LocalActivityOptions.CancellationType = TryCancel",
        "LogForwardingOptions.IncludeFields = True",
        "MetricsOptions.AttachServiceName = True",
        "OpenTelemetryOptions.MetricTemporality = Cumulative",
        "OpenTelemetryOptions.Protocol = Grpc",
        "RetryPolicy.BackoffCoefficient = 2",
        "RetryPolicy.InitialInterval = 00:00:01",
        "RpcRetryOptions.InitialInterval = 00:00:00.1000000",
        "RpcRetryOptions.MaxElapsedTime = 00:00:10",
        "RpcRetryOptions.MaxInterval = 00:00:05",
        "RpcRetryOptions.MaxRetries = 10",
        "RpcRetryOptions.Multiplier = 1.5",
        "RpcRetryOptions.RandomizationFactor = 0.2",
        "SchedulePolicy.CatchupWindow = 365.00:00:00",
        "SchedulePolicy.Overlap = Skip",
        "ScheduleTriggerOptions.Overlap = Unspecified",
        "StartActivityOptions.IdConflictPolicy = Unspecified",
        "StartActivityOptions.IdReusePolicy = AllowDuplicate",
        "TemporalClientConnectOptions.Namespace = default",
        "TemporalClientOptions.Namespace = default",
        "TemporalRuntimeOptions.WorkerHeartbeatInterval = 00:01:00",
        "TemporalWorkerOptions.DefaultHeartbeatThrottleInterval = 00:00:30",
        "TemporalWorkerOptions.MaxCachedWorkflows = 10000",
        "TemporalWorkerOptions.MaxConcurrentActivityTaskPolls = 5",
        "TemporalWorkerOptions.MaxConcurrentNexusTaskPolls = 5",
        "TemporalWorkerOptions.MaxConcurrentWorkflowTaskPolls = 5",
        "TemporalWorkerOptions.MaxHeartbeatThrottleInterval = 00:01:00",
        "TemporalWorkerOptions.NonStickyToStickyPollRatio = 0.2",
        "TemporalWorkerOptions.StickyQueueScheduleToStartTimeout = 00:00:10",
        "TemporalWorkerOptions.WorkflowStackTrace = None",
        "TestServerOptions.DownloadVersion = default",
        "TracingInterceptorOptions.HeaderKey = _tracer-data",
        "TracingInterceptorOptions.TagNameActivityId = temporalActivityID",
        "TracingInterceptorOptions.TagNameRunId = temporalRunID",
        "TracingInterceptorOptions.TagNameUpdateId = temporalUpdateID",
        "TracingInterceptorOptions.TagNameWorkflowId = temporalWorkflowID",
        "WorkerDeploymentOptions.DefaultVersioningBehavior = Unspecified",
        "WorkflowDefinitionOptions.VersioningBehavior = Unspecified",
        "WorkflowHistoryEventFetchOptions.EventFilterType = AllEvent",
        "WorkflowHistoryFetchOptions.EventFilterType = AllEvent",
        "WorkflowOptions.IdConflictPolicy = Unspecified",
        "WorkflowOptions.IdReusePolicy = AllowDuplicate",
        "WorkflowReplayerOptions.Namespace = ReplayNamespace",
        "WorkflowReplayerOptions.TaskQueue = ReplayTaskQueue",
        "WorkflowStartUpdateWithStartOptions.WaitForStage = None",
        "WorkflowUpdateStartOptions.WaitForStage = None",
    ];

    [Fact]
    public void New_HasTheDefaults() =>
        All.SelectMany(static type => Simple(type).Select(property => $"{type.Name}.{property.Name} = {property.GetValue(Activator.CreateInstance(type))}"))
            .Where(static line => !line.EndsWith("= ", StringComparison.Ordinal) && !line.EndsWith("= False", StringComparison.Ordinal) &&
                !line.EndsWith("= 0", StringComparison.Ordinal) && !line.EndsWith("= 00:00:00", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).ShouldBe(Defaults);

    [Fact]
    public void New_HasOptionsWithinOptions()
    {
        new TemporalClientConnectOptions().KeepAlive.ShouldNotBeNull();
        new Temporalio.Runtime.TemporalRuntimeOptions().Telemetry.Logging!.Filter.FilterString!.ShouldContain("WARN");
        new WorkflowEnvironmentStartLocalOptions().DevServerOptions.ShouldNotBeNull();
        new WorkflowEnvironmentStartTimeSkippingOptions().TestServer.ShouldNotBeNull();
        new Temporalio.Worker.TemporalWorkerOptions().ActivityTaskFactory.ShouldNotBeNull();
    }

    public static TheoryData<Type> Clonable => [.. All.Where(static type => type.IsAssignableTo(typeof(ICloneable)))];

    [Theory]
    [MemberData(nameof(Clonable))]
    public void Clone_IsOfTheSameType_EqualAndSharesNoOptions(Type type)
    {
        var original = Activator.CreateInstance(type)!;
        var inner = type.GetProperties().Where(static property => property.CanWrite && property.SetMethod!.IsPublic && property.GetIndexParameters().Length == 0 &&
            property.PropertyType.IsAssignableTo(typeof(ICloneable)) && property.PropertyType.Name.EndsWith("Options", StringComparison.Ordinal)).ToArray();
        foreach (var property in inner)
        {
            property.SetValue(original, property.GetValue(original) ?? Activator.CreateInstance(property.PropertyType));
        }

        var copy = ((ICloneable)original).Clone();

        copy.ShouldBeOfType(type);
        foreach (var property in inner)
        {
            property.GetValue(copy).ShouldNotBeNull().ShouldNotBeSameAs(property.GetValue(original), property.Name);
        }
        foreach (var property in Simple(type))
        {
            property.GetValue(copy).ShouldBe(property.GetValue(original), property.Name);
        }
    }

    // Those that a class declares itself; DebugMode follows the environment.
    private static IEnumerable<PropertyInfo> Simple(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(static property =>
        {
            var value = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            return (value.IsEnum || value.IsPrimitive || value == typeof(string) || value == typeof(TimeSpan)) && property.Name != "DebugMode" && property.GetIndexParameters().Length == 0 &&
                property.CanWrite;
        });
}
