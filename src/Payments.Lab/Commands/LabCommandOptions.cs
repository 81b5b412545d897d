using System.CommandLine;

namespace Payments.Lab.Commands;

/// <summary>The options that every command has.</summary>
internal sealed class LabCommandOptions
{
    private const string On = "on";

    private readonly Option<int> portOffset = new("--port-offset") { Description = "Added to every port.", Recursive = true };
    private readonly Option<string> data = new("--data")
    {
        Description = "Folder for state and logs.", DefaultValueFactory = _ => LabOptions.DefaultData, Recursive = true,
    };

    private readonly Option<bool> clean = new("--clean") { Description = "Start empty.", Recursive = true };
    private readonly Option<string> restart = new("--restart")
    {
        Description = "on or off: start a process again that dies.", DefaultValueFactory = _ => On, Recursive = true,
    };

    private readonly Option<bool> inProcess = new("--in-process") { Description = "Everything in one process (only without a command)." };

    public void AddTo(RootCommand root)
    {
        data.Validators.Add(given =>
        {
            // What an unset variable of a shell leaves.
            if (string.IsNullOrWhiteSpace(given.GetValueOrDefault<string>()))
            {
                given.AddError("Option '--data' is the name of a folder.");
            }
        });
        root.Options.Add(portOffset);
        root.Options.Add(data);
        root.Options.Add(clean);
        root.Options.Add(restart.AcceptOnlyFromAmong(On, "off"));
        root.Options.Add(inProcess);
    }

    public LabOptions Read(ParseResult parsed) => new()
    {
        Ports = new LabPorts().Offset(parsed.GetValue(portOffset)),
        Data = parsed.GetValue(data) ?? LabOptions.DefaultData,
        Clean = parsed.GetValue(clean),
        Restart = parsed.GetValue(restart) == On,
        InProcess = parsed.GetValue(inProcess),
    };
}
