namespace Temporalio.Client;

public class TlsOptions : ICloneable
{
    public TlsOptions()
    {
    }

    public byte[]? ClientCert { get; set; }

    public byte[]? ClientPrivateKey { get; set; }

    public bool Disabled { get; set; }

    public string? Domain { get; set; }

    public byte[]? ServerRootCACert { get; set; }

    public virtual object Clone() => MemberwiseClone();
}
