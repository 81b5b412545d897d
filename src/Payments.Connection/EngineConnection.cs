using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Temporalio.Client;
using Temporalio.Common.EnvConfig;

namespace Payments.Connection;

/// <summary>Where the engine is, as the official environment configuration says: <c>TEMPORAL_ADDRESS</c>, <c>TEMPORAL_NAMESPACE</c>, TLS and API key.</summary>
public static class EngineConnection
{
    public const string DefaultAddress = "localhost:7233";

    /// <summary>The variables are read from the host's configuration, so that a command line can give them too.</summary>
    public static TemporalClientConnectOptions Options(IConfiguration configuration, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var variables = configuration.AsEnumerable()
            .Where(pair => pair.Value is not null && pair.Key.StartsWith("TEMPORAL_", StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key, pair => pair.Value!, StringComparer.Ordinal);
        var options = ClientEnvConfig.LoadClientConnectOptions(new() { OverrideEnvVars = variables });
        options.TargetHost ??= DefaultAddress;
        options.DataConverter = PaymentsConverter.Make(configuration);
        options.LoggerFactory = loggers;
        options.Runtime = SdkMeter.Runtime;
        options.Interceptors = [new Tracing()];
        // A caller at the door waits for this: after 3 s "try again with the same key" is the better answer.
        options.RpcRetry = new RpcRetryOptions { MaxElapsedTime = TimeSpan.FromSeconds(3), MaxInterval = TimeSpan.FromMilliseconds(500) };
        return options;
    }
}
