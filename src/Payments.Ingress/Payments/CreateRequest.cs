using Payments.Domain;

namespace Payments.Ingress;

/// <summary>A Create body that has passed every check that needs no question to anyone.</summary>
public sealed record CreateRequest(Money Amount, string? Description, string? CustomerId, PaymentMethod PaymentMethod);
