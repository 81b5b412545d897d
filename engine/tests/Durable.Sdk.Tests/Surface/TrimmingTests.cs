using System.Reflection;

namespace Durable.Sdk.Tests.Surface;

/// <summary>
/// What applications publish says of itself that it may be trimmed and compiled ahead of time. The build holds it to that: the analyzers that come with the mark
/// report, and what they report is an error.
/// </summary>
public class TrimmingTests
{
    [Theory]
    [InlineData(typeof(Durable.Protocol.RpcTransport))]
    [InlineData(typeof(Temporalio.Client.TemporalClient))]
    [InlineData(typeof(Temporalio.Extensions.DiagnosticSource.CustomMetricMeter))]
    [InlineData(typeof(Temporalio.Extensions.Hosting.TemporalWorkerService))]
    [InlineData(typeof(Temporalio.Extensions.OpenTelemetry.TracingInterceptor))]
    public void Assembly_IsMarkedForTrimmingAndAot(Type type)
    {
        var marks = type.Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().ToDictionary(static mark => mark.Key, static mark => mark.Value);

        marks.GetValueOrDefault("IsTrimmable").ShouldBe("True");
        marks.GetValueOrDefault("IsAotCompatible").ShouldBe("True");
    }

    [Fact]
    public void Sdk_DependsOnProtobufAndTheLoggingAbstractionsOnly() =>
        typeof(Temporalio.Client.TemporalClient).Assembly.GetReferencedAssemblies().Select(static name => name.Name!)
            .Where(static name => !name.StartsWith("System.", StringComparison.Ordinal) && name != "System" && name != "Microsoft.Win32.Primitives")
            .Order(StringComparer.Ordinal)
            .ShouldBe(["Durable.Protocol", "Google.Protobuf", "Microsoft.Extensions.Logging.Abstractions"]);
}
