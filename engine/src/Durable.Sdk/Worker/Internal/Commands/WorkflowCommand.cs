namespace Temporalio.Worker.Internal.Commands;

/// <summary>Something that workflow code has asked for in an activation, in the order of asking.</summary>
internal abstract class WorkflowCommand
{
    /// <summary>Whether it ends the run; of several the first counts, and it goes last.</summary>
    public virtual bool IsTerminal => false;
}
