namespace Payments.Workflows;

/// <summary>Give a payment up before it is captured.</summary>
public sealed record CancelCommand(CallInfo Call, string? Reason);
