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

    public (string Username, string Password)? BasicAuth { get; set; }

    public string? TargetHost { get; set; }

    public virtual object Clone() => MemberwiseClone();
}
