using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Durable.Sdk.Tests.Client;

/// <summary>An authority of the test's own, with a certificate for a server and one for a client that an authority between them has signed.</summary>
internal sealed class TestCertificates
{
    public const string Domain = "durable.test";

    private static readonly DateTimeOffset From = DateTimeOffset.UtcNow.AddDays(-1);

    public TestCertificates()
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var rootRequest = Request("CN=Root", rootKey, isAuthority: true);
        using var root = rootRequest.CreateSelfSigned(From, From.AddDays(10));
        Root = Encoding.ASCII.GetBytes(root.ExportCertificatePem());

        using var serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var serverRequest = Request($"CN={Domain}", serverKey, isAuthority: false);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Domain);
        names.AddIpAddress(IPAddress.Loopback);
        serverRequest.CertificateExtensions.Add(names.Build());
        using var server = serverRequest.Create(root, From, From.AddDays(9), [1]).CopyWithPrivateKey(serverKey);
        Server = X509CertificateLoader.LoadPkcs12(server.Export(X509ContentType.Pkcs12), null);

        using var betweenKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var between = Request("CN=Between", betweenKey, isAuthority: true).Create(root, From, From.AddDays(9), [2]).CopyWithPrivateKey(betweenKey);
        using var clientKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var client = Request("CN=client", clientKey, isAuthority: false).Create(between, From, From.AddDays(8), [3]);
        ClientChain = Encoding.ASCII.GetBytes(client.ExportCertificatePem() + "\n" + between.ExportCertificatePem());
        ClientKey = Encoding.ASCII.GetBytes(clientKey.ExportPkcs8PrivateKeyPem());
    }

    public byte[] Root { get; }

    public X509Certificate2 Server { get; }

    public byte[] ClientChain { get; }

    public byte[] ClientKey { get; }

    /// <summary>Whether a client's certificate comes from the authority, by way of what the client sent along.</summary>
    public bool Trusts(X509Certificate2 client, X509Chain? sent)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(Root)));
        chain.ChainPolicy.ExtraStore.AddRange(sent?.ChainPolicy.ExtraStore ?? []);
        return chain.Build(client);
    }

    private static CertificateRequest Request(string name, ECDsa key, bool isAuthority)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        return request;
    }
}
