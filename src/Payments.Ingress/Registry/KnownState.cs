namespace Payments.Ingress;

public enum KnownState
{
    Unknown,
    Running,
    Ready,
}
