using System.CommandLine;
using Payments.Lab;
using Payments.Lab.Commands;
using Spectre.Console;

if (Console.IsOutputRedirected)
{
    // A file or a pipe gets words, no colours.
    AnsiConsole.Profile.Capabilities.Ansi = false;
}
var root = new RootCommand("Starts the payment service with everything it needs, watches it, and breaks it on purpose.");
var options = new LabCommandOptions();
options.AddTo(root);
root.SetAction(Guarded(RunCommand.RunAsync));

Add("demo", "Pays once, however often it is asked: repeats, parallel calls, a worker killed in mid-charge.", DemoCommand.RunAsync);
Add("status", "What runs, and whether it is ready.", StatusCommand.RunAsync);
Add("clean", "Removes all state of the lab.", CleanCommand.RunAsync);

var rows = new Option<int>("--rows") { Description = "Payments in the file.", DefaultValueFactory = _ => 1000 };
Add("mass", "Pays a file of payments over a bad network in three ways: without retry, with blind retries, with keyed retries.",
    (lab, parsed, cancellation) => MassCommand.RunAsync(lab, parsed.GetValue(rows), cancellation), rows);

var seconds = new Option<int>("--seconds") { Description = "How long.", DefaultValueFactory = _ => 10 };
var callers = new Option<int>("--callers") { Description = "How many at once.", DefaultValueFactory = _ => 64 };
Add("load", "Pays as fast as it can, then twenty times at once under one key.",
    (lab, parsed, cancellation) => LoadCommand.RunAsync(lab, parsed.GetValue(callers), TimeSpan.FromSeconds(parsed.GetValue(seconds)), cancellation), seconds, callers);

var seed = new Option<int>("--seed") { Description = "The same seed kills the same processes in the same order.", DefaultValueFactory = _ => 1 };
Add("chaos", "Kills processes at random under load, then counts in the ledger.",
    (lab, parsed, cancellation) => ChaosCommand.RunAsync(lab, parsed.GetValue(seed), TimeSpan.FromSeconds(parsed.GetValue(seconds)), cancellation), seconds, seed);

var process = new Argument<string?>("process") { Description = "server, gateway, worker or ingress.", Arity = ArgumentArity.ZeroOrOne };
var lines = new Option<int>("--lines") { Description = "Lines of each log.", DefaultValueFactory = _ => 20 };
Add("logs", "The last lines of all processes, or of one.",
    (lab, parsed, _) => LogsCommand.RunAsync(lab, parsed.GetValue(process), parsed.GetValue(lines)), process, lines);

var which = new Argument<string>("process") { Description = "server, gateway, worker or ingress." };
Add("restart", "Restarts one process.", (lab, parsed, cancellation) => RestartCommand.RunAsync(lab, parsed.GetValue(which)!, cancellation), which);

return await root.Parse(args).InvokeAsync();

void Add(string name, string description, Func<LabOptions, ParseResult, CancellationToken, Task<int>> run, params Symbol[] own)
{
    var command = new Command(name, description);
    foreach (var symbol in own)
    {
        if (symbol is Option option)
        {
            command.Options.Add(option);
        }
        else
        {
            command.Arguments.Add((Argument)symbol);
        }
    }
    command.SetAction(Guarded(run));
    root.Subcommands.Add(command);
}

Func<ParseResult, CancellationToken, Task<int>> Guarded(Func<LabOptions, ParseResult, CancellationToken, Task<int>> run) => async (parsed, cancellation) =>
{
    try
    {
        return await run(options.Read(parsed), parsed, cancellation);
    }
    catch (LabException e)
    {
        await Console.Error.WriteLineAsync(e.Message);
        return 1;
    }
    catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
    {
        return 130;
    }
};
