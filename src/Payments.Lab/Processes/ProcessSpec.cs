namespace Payments.Lab.Processes;

/// <summary>What a child is: how it is started and how it says that it is well.</summary>
/// <param name="Assembly">Path of the .dll.</param>
/// <param name="Environment">Beside what it inherits from the lab.</param>
/// <param name="Ready">200 when it can do its work.</param>
public sealed record ProcessSpec(
    string Name, string Assembly, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment, Uri Ready);
