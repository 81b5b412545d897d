using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Payments.Lab.Commands.Demo;

/// <summary>What is kept under a key.</summary>
internal static class OutcomeSteps
{
    public static readonly IReadOnlyList<DemoStep> All =
    [
        new("A real flow: validation, card, gateway; then a double click", FlowAsync),
        new("Insufficient funds, asked twice: one attempt at the gateway", DeclineAsync),
        new("New against replay", TimingAsync),
        new("A lost answer: the gateway charged and cut the connection", LostAnswerAsync),
    ];

    private static async Task FlowAsync(DemoContext demo)
    {
        var id = demo.Id("flow");
        var path = $"/PaymentService/{id}/Create";
        var wrong = await demo.Caller.PostAsync(path, id, """{"amount":-1,"currency":"USD"}""", demo.Cancellation);
        demo.Check(wrong.Status == 400, $"{wrong.Status}: {wrong["errors"]?.ToJsonString()}, and the key stays free");
        const string Body = """{"amount":4999,"currency":"EUR","customerId":"customer-1","description":"Order 42","paymentMethod":"tok_success"}""";
        var clicks = await Task.WhenAll(demo.Caller.PostAsync(path, id, Body, demo.Cancellation), demo.Caller.PostAsync(path, id, Body, demo.Cancellation));
        demo.Check(clicks.All(click => click.Paid), $"double click: {string.Join(" and ", clicks.Select(click => click.Status).Order())}, status {DemoContext.Of(clicks[0], "status")}");
        demo.Check(clicks.Select(click => DemoContext.Of(click, "transactionId")).Distinct().Count() == 1, $"gateway's transaction: {DemoContext.Of(clicks[0], "transactionId")}");
        await demo.CountAsync(id);
    }

    private static async Task DeclineAsync(DemoContext demo)
    {
        var id = demo.Id("declined");
        var first = await demo.CreateAsync(id, id, token: "tok_insufficient_funds");
        var again = await demo.CreateAsync(id, id, token: "tok_insufficient_funds");
        demo.Check(first.Status == 402 && again is { Status: 402, Replayed: true }, $"{first.Status}, then {again.Status} from the record: {DemoContext.Of(again, "detail")}");
        var attempts = (await demo.ReadAsync($"{demo.Lab.Addresses.Gateway}/attempts?paymentId={id}") as JsonArray)?.Count;
        demo.Check(attempts == 1, $"attempts at the gateway: {attempts}");
        await demo.CountAsync(id, expected: 0);
    }

    private static async Task TimingAsync(DemoContext demo)
    {
        const int Each = 20;
        var (created, replayed) = (new List<double>(), new List<double>());
        for (var i = 0; i < Each; i++)
        {
            var id = demo.Id($"timing-{i}");
            created.Add(await TimeAsync(id));
            replayed.Add(await TimeAsync(id));
        }
        DemoContext.Say($"median of {Each}: new {Median(created):0.0} ms, replay {Median(replayed):0.0} ms");

        async Task<double> TimeAsync(string id)
        {
            var watch = Stopwatch.GetTimestamp();
            var answer = await demo.CreateAsync(id, id);
            var took = Stopwatch.GetElapsedTime(watch).TotalMilliseconds;
            if (!answer.Paid)
            {
                demo.Check(false, $"{id}: {answer.Status} {answer.Body}");
            }
            return took;
        }

        static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);
    }

    private static async Task LostAnswerAsync(DemoContext demo)
    {
        var id = demo.Id("lost");
        var answer = await demo.CreateAsync(id, id, token: "tok_drop_after_charge");
        while (answer.Retry)
        {
            answer = await demo.CreateAsync(id, id, token: "tok_drop_after_charge");
        }
        demo.Check(answer.Paid, $"{answer.Status}: looked up at the gateway under its own key");
        await demo.CountAsync(id);
    }
}
