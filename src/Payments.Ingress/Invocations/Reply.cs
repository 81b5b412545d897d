using System.Text.Json;

namespace Payments.Ingress;

/// <summary>What an invocation answers, before it is known whether this call was the first.</summary>
/// <param name="FirstStatus">For the call that executed.</param>
/// <param name="WriteMembers">Writes the members of the body; the ingress adds what depends on the call. Null when the outcome is a problem.</param>
public sealed record Reply(int FirstStatus, Action<Utf8JsonWriter, Invocation>? WriteMembers)
{
    public Problem? Problem { get; init; }

    /// <summary>Name of the outcome in metrics.</summary>
    public required string Outcome { get; init; }

    /// <summary>Nonce of the call that executed.</summary>
    public required string Nonce { get; init; }

    /// <summary>When the record of the key ends; null when nothing is stored.</summary>
    public DateTimeOffset? Expires { get; init; }

    public DateTimeOffset? Created { get; init; }

    /// <summary>Final: may be kept at the door.</summary>
    public bool Final { get; init; } = true;

    /// <summary>For the line that each duplicate writes.</summary>
    public string? Customer { get; init; }

    public string? Amount { get; init; }
}
