namespace Payments.Lab;

/// <summary>How a lab is started.</summary>
public sealed record LabOptions
{
    public const string DefaultData = ".lab";

    public LabPorts Ports { get; init; } = new();

    /// <summary>Folder for all state and logs.</summary>
    public string Data { get; init; } = DefaultData;

    /// <summary>Remove the state first.</summary>
    public bool Clean { get; init; }

    /// <summary>Start a child again that dies.</summary>
    public bool Restart { get; init; } = true;

    /// <summary>Everything in this one process.</summary>
    public bool InProcess { get; init; }

    /// <summary>Settings for one child beside what it inherits, by process name, then variable.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Settings { get; init; } =
        new Dictionary<string, IReadOnlyDictionary<string, string>>();

    /// <summary>How long all of it may take to become healthy.</summary>
    public TimeSpan ReadyWithin { get; init; } = TimeSpan.FromSeconds(60);
}
