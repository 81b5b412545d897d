using Temporalio.Client.Interceptors;
using Temporalio.Converters;

namespace Temporalio.Client;

public class TemporalClientConnectOptions : TemporalConnectionOptions
{
    public TemporalClientConnectOptions()
    {
    }

    public TemporalClientConnectOptions(string targetHost)
    {
        TargetHost = targetHost;
    }

    public DataConverter DataConverter { get; set; } = DataConverter.Default;

    public IReadOnlyCollection<IClientInterceptor>? Interceptors { get; set; }

    public Microsoft.Extensions.Logging.ILoggerFactory LoggerFactory { get; set; } = Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance;

    public string Namespace { get; set; } = "default";

    public Temporalio.Api.Enums.V1.QueryRejectCondition? QueryRejectCondition { get; set; }

    /// <inheritdoc cref="TemporalClientOptions.Plugins"/>
    public IReadOnlyCollection<ITemporalClientPlugin>? Plugins { get; set; }

    /// <summary>The part that is about the client, without the connection.</summary>
    public TemporalClientOptions ToClientOptions() => new()
    {
        Namespace = Namespace,
        DataConverter = DataConverter,
        Interceptors = Interceptors,
        LoggerFactory = LoggerFactory,
        QueryRejectCondition = QueryRejectCondition,
        Plugins = Plugins,
    };
}
