namespace Temporalio.Runtime;

public enum OpenTelemetryProtocol
{
    Grpc = 0,
    Http = 1,
}
