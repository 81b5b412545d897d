using System.Diagnostics;
using Payments.Lab.Traffic;

namespace Payments.Lab.Commands.Demo;

/// <summary>What a key does.</summary>
internal static class KeySteps
{
    private const int Callers = 3;

    public static readonly IReadOnlyList<DemoStep> All =
    [
        new("Without a key: two clicks are two payments", WithoutKeyAsync),
        new("POST /payments with a key, sent three times", ThreeTimesAsync),
        new("What the service knows of the key", RecordAsync),
        new("Another amount under the same key", ConflictAsync),
        new("Two racing requests with one key: the second waits for the first", RaceAsync),
        new("Three callers at the same time, one execution", ParallelAsync),
        new("The same key of another merchant, another payment and another operation", ScopeAsync),
    ];

    private static async Task WithoutKeyAsync(DemoContext demo)
    {
        var before = await demo.Ledger.ChargesAsync(demo.Cancellation);
        var first = await demo.Caller.PayAsync(null, DemoContext.Amount, "no key", demo.Cancellation);
        var second = await demo.Caller.PayAsync(null, DemoContext.Amount, "no key", demo.Cancellation);
        var charges = await demo.Ledger.ChargesAsync(demo.Cancellation) - before;
        demo.Check(DemoContext.Of(first, "id") != DemoContext.Of(second, "id"), $"{DemoContext.Of(first, "id")} and {DemoContext.Of(second, "id")}");
        demo.Check(charges == 2, $"charges in the gateway's ledger: {charges}, and the customer wanted one");
    }

    private static async Task ThreeTimesAsync(DemoContext demo)
    {
        var before = await demo.Ledger.ChargesAsync(demo.Cancellation);
        var answers = new List<PaymentAnswer>();
        for (var i = 1; i <= 3; i++)
        {
            var watch = Stopwatch.StartNew();
            var answer = await demo.Caller.PayAsync(demo.Id("three"), DemoContext.Amount, "three times", demo.Cancellation);
            answers.Add(answer);
            demo.Check(answer.Paid, $"call {i}: {answer.Status}, {DemoContext.Of(answer, "id")}, cached: {DemoContext.Of(answer, "cached")}, {watch.Elapsed.TotalMilliseconds:0.0} ms");
        }
        demo.Check(answers.Select(answer => DemoContext.Of(answer, "id")).Distinct().Count() == 1, "one payment id");
        var charges = await demo.Ledger.ChargesAsync(demo.Cancellation) - before;
        demo.Check(charges == 1, $"sent 3 times, executed {charges} time");
    }

    private static async Task RecordAsync(DemoContext demo)
    {
        var record = await demo.ReadAsync($"{demo.Lab.Addresses.Ingress}/idempotency-keys/{demo.Id("three")}");
        demo.Check(record is not null, $"state {record?["state"]}, fingerprint {record?["fingerprint"]}, expires {record?["expires"]}");
    }

    private static async Task ConflictAsync(DemoContext demo)
    {
        var id = demo.Id("conflict");
        await demo.CreateAsync(id, id);
        var conflict = await demo.CreateAsync(id, id, DemoContext.Amount + 1);
        demo.Check(conflict.Status is 422 or 409, $"{conflict.Status}: {DemoContext.Of(conflict, "title")}");
        DemoContext.Say($"SHA-256 of the body: expected {DemoContext.Of(conflict, "expectedFingerprint")}, actual {DemoContext.Of(conflict, "actualFingerprint")}");
        await demo.CountAsync(id);
    }

    private static async Task RaceAsync(DemoContext demo)
    {
        var id = demo.Id("race");
        var watch = Stopwatch.StartNew();
        var answers = await Task.WhenAll(TimedAsync(), TimedAsync());
        foreach (var (answer, after) in answers)
        {
            demo.Check(answer.Paid, $"{answer.Status} after {after.TotalMilliseconds:0} ms, {(answer.Replayed ? "waited for the other" : "executed")}");
        }
        demo.Check(answers.Select(a => DemoContext.Of(a.Answer, "transactionId")).Distinct().Count() == 1, "one transaction id");
        await demo.CountAsync(id);

        async Task<(PaymentAnswer Answer, TimeSpan After)> TimedAsync()
        {
            var answer = await demo.CreateAsync(id, id, token: "tok_slow_200");
            return (answer, watch.Elapsed);
        }
    }

    private static async Task ParallelAsync(DemoContext demo)
    {
        var id = demo.Id("parallel");
        var answers = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => demo.CreateAsync(id, id, token: "tok_slow_200")));
        demo.Check(answers.All(answer => answer.Paid) && answers.Count(answer => !answer.Replayed) == 1,
            $"{answers.Count(answer => answer.Paid)} callers are answered, {answers.Count(answer => !answer.Replayed)} of them by an execution");
        await demo.CountAsync(id);
    }

    private static async Task ScopeAsync(DemoContext demo)
    {
        var (one, other, key) = (demo.Id("scope-1"), demo.Id("scope-2"), demo.Id("scope"));
        const string Body = """{"amount":10000,"currency":"USD"}""";
        await FirstAsync("merchant default, payment 1", $"/PaymentService/{one}/Create", Body, null);
        await FirstAsync("merchant another, payment 1", $"/PaymentService/{one}/Create", Body, "another");
        await FirstAsync("merchant default, payment 2", $"/PaymentService/{other}/Create", Body, null);
        await FirstAsync("a refund of payment 1", $"/PaymentService/{one}/Refund", """{"amount":1000}""", null);

        async Task FirstAsync(string what, string path, string body, string? merchant)
        {
            var answer = await demo.Caller.PostAsync(path, key, body, merchant, demo.Cancellation);
            demo.Check(answer is { Status: 201, Replayed: false }, $"{what}: {answer.Status}, executed");
        }
    }
}
