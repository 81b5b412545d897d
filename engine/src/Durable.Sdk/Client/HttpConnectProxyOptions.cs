namespace Temporalio.Client;

public class HttpConnectProxyOptions : ICloneable
{
    public HttpConnectProxyOptions()
    {
    }

    public HttpConnectProxyOptions(string targetHost)
    {
        TargetHost = targetHost;
    }

    public (string User, string Password)? BasicAuth { get; set; }

    public string? TargetHost { get; set; }

    public virtual object Clone() => MemberwiseClone();
}
