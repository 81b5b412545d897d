using Temporalio.Client.Interceptors;
using Temporalio.Converters;

namespace Temporalio.Client;

public class TemporalClientOptions : ICloneable
{
    public TemporalClientOptions()
    {
    }

    public DataConverter DataConverter { get; set; } = DataConverter.Default;

    public IReadOnlyCollection<IClientInterceptor>? Interceptors { get; set; }

    public Microsoft.Extensions.Logging.ILoggerFactory LoggerFactory { get; set; } = Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance;

    public string Namespace { get; set; } = "default";

    public Temporalio.Api.Enums.V1.QueryRejectCondition? QueryRejectCondition { get; set; }

    /// <summary>Those that are worker plugins too also serve the workers of this client.</summary>
    public IReadOnlyCollection<ITemporalClientPlugin>? Plugins { get; set; }

    public virtual object Clone() => MemberwiseClone();
}
