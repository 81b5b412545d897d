namespace Payments.Ingress;

/// <param name="Captured">By currency: how many payments, and their sum in minor units.</param>
public sealed record Statistics(
    DateTimeOffset AsOf, IReadOnlyDictionary<string, long> ByStatus,
    IReadOnlyDictionary<string, (long Count, long Sum)> Captured, IReadOnlyDictionary<string, (long Count, long Sum)> Refunded);
