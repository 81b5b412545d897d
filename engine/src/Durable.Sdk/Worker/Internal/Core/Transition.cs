namespace Temporalio.Worker.Internal.Core;

/// <summary>One row of a machine's table.</summary>
/// <param name="Handler">Runs after the state has changed.</param>
internal readonly record struct Transition<TMachine, TState, TInput>(
    TState From,
    TInput On,
    TState To,
    Action<TMachine, object?>? Handler = null);
