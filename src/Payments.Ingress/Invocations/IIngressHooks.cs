namespace Payments.Ingress;

/// <summary>Code of the host that wants to know about duplicates; add implementations to the services. Called on the request's path: be quick, do not throw.</summary>
public interface IIngressHooks
{
    void OnDuplicate(DuplicateSeen duplicate);
}
