using Payments.Lab.Traffic;

namespace Payments.EndToEnd.Tests;

/// <summary>Requests that come more than once, in another order than they were sent, and more of them than are let in.</summary>
[Collection(QuietLab.Name)]
public sealed class DeliveryTests(LabFixture fixture)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Requests_DeliveredThreeTimesInAnyOrder_HaveOneOutcomeEach(int seed)
    {
        var id = $"shuffled-{seed}";
        var history = new CallHistory(TimeProvider.System);
        (string Key, string Path, string Body)[] requests =
        [
            ("create", $"/PaymentService/{id}/Create", """{"amount":10000,"currency":"USD"}"""),
            ("refund-a", $"/PaymentService/{id}/Refund", """{"amount":1000}"""),
            ("refund-b", $"/PaymentService/{id}/Refund", """{"amount":2000}"""),
        ];
        var order = Enumerable.Repeat(requests, 3).SelectMany(r => r).ToArray();
        new Random(seed).Shuffle(order);

        await Task.WhenAll(order.Chunk(3).Select(async deliveries =>
        {
            var left = new Queue<(string Key, string Path, string Body)>(deliveries);
            await LabFixture.UntilAsync(() => $"{left.Count} deliveries are left, seed {seed}", async cancellation =>
            {
                var (key, path, body) = left.Dequeue();
                var answer = await fixture.Caller.PostAsync(path, $"{id}-{key}", body, cancellation);
                if (answer.Status == 404 || answer.Retry)
                {
                    // A refund that overtakes its payment finds nothing, which is not stored: it comes again later.
                    left.Enqueue((key, path, body));
                }
                else
                {
                    answer.Paid.ShouldBeTrue(answer.Body);
                }
                return left.Count == 0;
            });
        }));
        foreach (var (key, path, body) in order)
        {
            await history.RecordAsync(key, () => fixture.Caller.PostAsync(path, $"{id}-{key}", body));
        }

        history.Check().ShouldBeEmpty();
        (await fixture.MoneyAsync(id)).ShouldBe((1, 10_000, 3_000), $"seed {seed}");
    }

    [Fact]
    public async Task LateCopies_OfEverything_AreReplays()
    {
        (await fixture.Caller.CreateAsync("late", "late", 10_000)).Status.ShouldBe(201);
        (await fixture.UntilRefundedAsync("late", "late-refund", 10_000)).Status.ShouldBe(201);

        var create = await fixture.Caller.CreateAsync("late", "late", 10_000);
        var refund = await fixture.UntilRefundedAsync("late", "late-refund", 10_000);

        (create.Status, create.Replayed).ShouldBe((200, true), create.Body);
        (refund.Status, refund.Replayed).ShouldBe((200, true), refund.Body);
        (await fixture.MoneyAsync("late")).ShouldBe((1, 10_000, 10_000));
    }

    [Fact]
    public async Task Overload_MoreThanTenInFlightOnOnePayment_AreToldToComeAgainAndAllGetThrough()
    {
        const int Refunds = 30;
        (await fixture.Caller.CreateAsync("crowded", "crowded", 10_000)).Status.ShouldBe(201);
        await fixture.FaultAsync(new { paymentId = "crowded", operation = "refund", action = "hold", gate = "crowded" });
        var refused = 0;
        var everybody = Enumerable.Range(0, Refunds).Select(i => LabFixture.UntilAnsweredAsync($"refund {i}", async cancellation =>
        {
            var answer = await fixture.Caller.PostAsync("/PaymentService/crowded/Refund", $"crowded-{i}", """{"amount":100}""", cancellation);
            if (answer.Status == 429)
            {
                answer.Retry.ShouldBeTrue(answer.Body);
                Interlocked.Increment(ref refused);
            }
            return answer;
        })).ToArray();

        await LabFixture.UntilAsync(() => "somebody is refused", _ => Task.FromResult(Volatile.Read(ref refused) > 0));
        await fixture.ReleaseAsync();
        var answers = await Task.WhenAll(everybody);

        answers.ShouldAllBe(answer => answer.Paid, string.Join('\n', answers.Select(answer => answer.Body)));
        (await fixture.MoneyAsync("crowded")).ShouldBe((1, 10_000, Refunds * 100));
    }
}
