namespace Temporalio.Client;

/// <summary>Taken for compatibility: the pure C# transport resolves the name again for every new connection.</summary>
public class DnsLoadBalancingOptions : ICloneable
{
    public TimeSpan ResolutionInterval { get; set; } = TimeSpan.FromSeconds(30);

    public virtual object Clone() => MemberwiseClone();
}
