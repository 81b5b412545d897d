namespace Payments.Workflows;

public enum KeyMatch
{
    /// <summary>Never seen.</summary>
    New,

    /// <summary>The same request: attach to it or replay it, expired or not.</summary>
    Same,

    /// <summary>Another body while the record lives: refused.</summary>
    Reused,

    /// <summary>Another body after the record's end: the key is free.</summary>
    Freed,
}
