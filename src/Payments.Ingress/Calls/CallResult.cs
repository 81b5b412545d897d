namespace Payments.Ingress;

/// <param name="Replayed">An earlier call had executed the action.</param>
public sealed record CallResult<TResult>(TResult Value, bool Replayed);
