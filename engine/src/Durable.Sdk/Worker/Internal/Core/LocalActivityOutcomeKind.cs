namespace Temporalio.Worker.Internal.Core;

internal enum LocalActivityOutcomeKind
{
    Completed,
    Failed,
    TimedOut,
    Cancelled,
}
