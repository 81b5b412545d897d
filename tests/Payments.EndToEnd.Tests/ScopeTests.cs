using System.Text.Json.Nodes;
using Payments.Lab.Traffic;

namespace Payments.EndToEnd.Tests;

/// <summary>What one key stands for, and what it does not.</summary>
[Collection(QuietLab.Name)]
public sealed class ScopeTests(LabFixture fixture)
{
    private const string Body = """{"amount":10000,"currency":"USD"}""";

    /// <summary>Scope of a key: merchant, service, path id and handler; on the collection, merchant and operation.</summary>
    private static readonly (string Path, string Body, string? Merchant)[] Scopes =
    [
        ("/PaymentService/scope-1/Create", Body, null),
        ("/PaymentService/scope-2/Create", Body, null),
        ("/PaymentService/scope-1/Create", Body, "another"),
        ("/payments", Body, null),
        ("/payments", Body, "another"),
        ("/PaymentService/scope-1/Refund", """{"amount":1000}""", null),
        ("/PaymentService/scope-2/Refund", """{"amount":1000}""", null),
        ("/PaymentService/scope-1/Refund", """{"amount":1000}""", "another"),
    ];

    [Fact]
    public async Task Key_InEachScope_IsAnotherExecutionAndInItsOwnOne()
    {
        var before = await fixture.JsonAsync(fixture.Lab.Addresses.Gateway + "/stats");
        var first = await EachAsync();
        var again = await EachAsync();

        first.ShouldAllBe(answer => answer.Status == 201 && !answer.Replayed, string.Join('\n', first.Select(a => $"{a.Status} {a.Body}")));
        again.ShouldAllBe(answer => answer.Status == 200 && answer.Replayed, string.Join('\n', again.Select(a => $"{a.Status} {a.Body}")));
        first.Select(answer => (answer["refundId"] ?? answer["transactionId"])!.GetValue<string>()).Distinct().Count().ShouldBe(Scopes.Length);
        var after = await fixture.JsonAsync(fixture.Lab.Addresses.Gateway + "/stats");
        (More("charges"), More("refunds")).ShouldBe((5, 3));

        int More(string what) => after[what]!.GetValue<int>() - before[what]!.GetValue<int>();
    }

    [Fact]
    public async Task Payment_OfAnotherMerchant_IsNotThere()
    {
        (await fixture.Caller.CreateAsync("scope-mine", "scope-mine", 10_000)).Status.ShouldBe(201);

        var refund = await fixture.Caller.PostAsync("/PaymentService/scope-mine/Refund", "theirs", "{}", merchant: "another");

        refund.Status.ShouldBe(404, refund.Body);
        (await fixture.MoneyAsync("scope-mine")).ShouldBe((1, 10_000, 0));
    }

    [Fact]
    public async Task OtherBody_WhileTheFirstIsInFlightAndAfter_IsRefusedWithBothFingerprints()
    {
        await fixture.HoldAsync("in-flight", charged: false);
        var first = fixture.Caller.CreateAsync("in-flight", "in-flight", 10_000);
        await fixture.HeldAsync("in-flight");

        var during = await fixture.Caller.CreateAsync("in-flight", "in-flight", 20_000);
        first.IsCompleted.ShouldBeFalse();
        await fixture.ReleaseAsync();
        (await first).Status.ShouldBe(201);
        var after = await fixture.Caller.CreateAsync("in-flight", "in-flight", 20_000);

        foreach (var refused in new[] { during, after })
        {
            (refused.Status, refused.Retry).ShouldBe((422, false), refused.Body);
            var (expected, actual) = (refused["expectedFingerprint"]!.GetValue<string>(), refused["actualFingerprint"]!.GetValue<string>());
            (expected.Length, actual.Length).ShouldBe((16, 16));
            actual.ShouldNotBe(expected);
        }
        after["expectedFingerprint"]!.GetValue<string>().ShouldBe(during["expectedFingerprint"]!.GetValue<string>());
        (await fixture.MoneyAsync("in-flight")).ShouldBe((1, 10_000, 0));
    }

    private async Task<PaymentAnswer[]> EachAsync()
    {
        var answers = new List<PaymentAnswer>();
        foreach (var (path, body, merchant) in Scopes)
        {
            answers.Add(await LabFixture.UntilAnsweredAsync(path, cancellation => fixture.Caller.PostAsync(path, "one-key-everywhere", body, merchant, cancellation)));
        }
        return [.. answers];
    }
}
