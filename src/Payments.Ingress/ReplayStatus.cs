namespace Payments.Ingress;

public enum ReplayStatus
{
    Ok,
    Original,
}
