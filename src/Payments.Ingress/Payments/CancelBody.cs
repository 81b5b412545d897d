namespace Payments.Ingress;

public sealed record CancelBody(string? Reason);
