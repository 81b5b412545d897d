namespace Temporalio.Worker.Internal.Core;

/// <summary>The code did not ask for what the history holds.</summary>
internal sealed class NondeterminismException(string message) : Exception("[TMPRL1100] Nondeterminism error: " + message);
