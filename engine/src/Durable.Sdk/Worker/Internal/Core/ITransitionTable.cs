namespace Temporalio.Worker.Internal.Core;

/// <summary>A table, without its types.</summary>
internal interface ITransitionTable
{
    string Machine { get; }

    IEnumerable<(string Row, bool Taken)> Coverage { get; }
}
