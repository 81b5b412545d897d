using Microsoft.Extensions.Logging;

namespace Temporalio.Runtime;

/// <summary>In the official SDK: where logs of its native part go. Here all logs go to the logger factories of client and worker.</summary>
public class LogForwardingOptions : ICloneable
{
    public LogForwardingOptions()
    {
    }

    public LogForwardingOptions(ILogger logger) => Logger = logger;

    public ILogger? Logger { get; set; }

    public bool IncludeFields { get; set; } = true;

    public virtual object Clone() => MemberwiseClone();
}
