namespace Payments.Ingress;

/// <summary>What a look at an invocation found.</summary>
/// <param name="State">Unknown, running or ready.</param>
/// <param name="Fingerprint">Of the body that the key stands for, when the key is known.</param>
/// <param name="CurrentStatus">Of the object.</param>
public sealed record Known(KnownState State, Reply? Reply = null, string? Fingerprint = null, string? CurrentStatus = null);
