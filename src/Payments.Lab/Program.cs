using System.CommandLine;
using Payments.Lab;
using Payments.Lab.Commands;
using Payments.Lab.Commands.Demo;
using Payments.Lab.Processes;
using Payments.Lab.Watch;
using Spectre.Console;
using Temporalio.Exceptions;

Signals.HeedInterrupt();
if (Console.IsOutputRedirected)
{
    // Into a file or a pipe: no colours, and no line is broken where a terminal would end.
    AnsiConsole.Profile.Capabilities.Ansi = false;
    AnsiConsole.Profile.Width = 200;
}
var root = new RootCommand("Starts the payment service with everything it needs, watches it, and breaks it on purpose.");
var options = new LabCommandOptions();
options.AddTo(root);
root.SetAction(Guarded(RunCommand.RunAsync));

Add("check", "Looks whether everything is there that a start needs: .NET, ports, the folder.", CheckCommand.RunAsync);
Add("demo", "Shows it all by itself: without and with keys, races, conflicts, declines, crashes; each step counts in the gateway's ledger.", DemoCommand.RunAsync);

var rows = Number("--rows", "Payments in the file that is made.", usual: 1000, least: 1, most: 1_000_000);
var file = new Option<string?>("--file") { Description = "A file of your own, id,amount,description in each row; amounts in minor units." };
Add("mass", "Pays a file of payments over a bad network in three ways: without retry, with blind retries, with keyed retries.",
    (lab, parsed, cancellation) => MassCommand.RunAsync(lab, parsed.GetValue(file), parsed.GetValue(rows), cancellation), rows, file);

var seconds = Number("--seconds", "How long.", usual: 10, least: 1, most: 86_400);
var callers = Number("--callers", "How many at once.", usual: 64, least: 1, most: 1024);
Add("load", "Pays as fast as it can, then twenty times at once under one key.",
    (lab, parsed, cancellation) => LoadCommand.RunAsync(lab, parsed.GetValue(callers), TimeSpan.FromSeconds(parsed.GetValue(seconds)), cancellation), seconds, callers);

var seed = new Option<int>("--seed") { Description = "The same seed kills the same processes in the same order.", DefaultValueFactory = _ => 1 };
Add("chaos", "Kills processes at random under load, then counts in the ledger and checks what the callers saw.",
    (lab, parsed, cancellation) => ChaosCommand.RunAsync(lab, parsed.GetValue(seed), TimeSpan.FromSeconds(parsed.GetValue(seconds)), cancellation), seconds, seed);

Add("status", "What runs, whether it is ready, and what it uses.", StatusCommand.RunAsync);
Add("store", "Looks into what is kept: files, payments, the gateway's ledger.", StoreCommand.RunAsync);
Add("keys", "Keys in flight: payments and refunds without an outcome.", KeysCommand.RunAsync);

var process = new Argument<string?>("process") { Description = "server, gateway, worker or ingress.", Arity = ArgumentArity.ZeroOrOne };
var lines = Number("--lines", "Lines of each log.", usual: 20, least: 0, most: 1_000_000);
var follow = new Option<bool>("--follow", "-f") { Description = "Go on with what comes, until Ctrl-C." };
Add("logs", "The last lines of all processes, or of one.",
    (lab, parsed, cancellation) => LogsCommand.RunAsync(lab, parsed.GetValue(process), parsed.GetValue(lines), parsed.GetValue(follow), cancellation), process, lines, follow);

var which = new Argument<string>("process") { Description = "server, gateway, worker or ingress." };
foreach (var (action, description) in LabActions.All)
{
    Add(action, description, (lab, parsed, cancellation) => ActCommand.RunAsync(lab, action, parsed.GetValue(which)!, cancellation), which);
}

var ingress = new Option<string?>("--ingress") { Description = "Address of the service; the lab's own by default." };
var gateway = new Option<string?>("--gateway") { Description = "Address of the gateway; the lab's own by default." };
var urls = new Option<string?>("--urls") { Description = "Where /metrics and /health are served; the lab's own port by default." };
Add("audit", "Only the auditor, beside a service that runs elsewhere: /metrics with the drift between ledger and service.",
    (lab, parsed, cancellation) => AuditCommand.RunAsync(lab, parsed.GetValue(ingress), parsed.GetValue(gateway), parsed.GetValue(urls), cancellation), ingress, gateway, urls);

Add("clean", "Removes all state of the lab.", CleanCommand.RunAsync);

// The library would end the process two seconds after Ctrl-C; four processes may take longer to end in good order.
return await root.Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = TimeSpan.FromSeconds(20) });

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

static Option<int> Number(string name, string description, int usual, int least, int most)
{
    var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => usual };
    option.Validators.Add(given =>
    {
        if (given.GetValueOrDefault<int>() < least || given.GetValueOrDefault<int>() > most)
        {
            given.AddError($"Option '{name}' is a number from {least} to {most}.");
        }
    });
    return option;
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
    catch (Exception e) when (e is HttpRequestException or RpcException or InvalidOperationException { InnerException: RpcException })
    {
        // The last is how the SDK says that it cannot connect.
        await Console.Error.WriteLineAsync($"A process of the lab gives no answer: {e.Message} See which with the command status, and why with logs.");
        return 1;
    }
    catch (Exception e) when (e is IOException or UnauthorizedAccessException)
    {
        // A file that is not there, is no database, or belongs to somebody else.
        await Console.Error.WriteLineAsync(e.Message);
        return 1;
    }
    catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
    {
        return 130;
    }
};
