namespace Temporalio.Client;

public class KeepAliveOptions : ICloneable
{
    public KeepAliveOptions()
    {
    }

    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(30);

    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    public virtual object Clone() => MemberwiseClone();
}
