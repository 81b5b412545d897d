using System.Net;
using static Payments.Client.Tests.ScriptedService;

namespace Payments.Client.Tests;

public class PaymentsClientTests
{
    private const string Captured =
        """{"id":"pay_1","paymentId":"pay_1","transactionId":"ch_1","status":"captured","amount":100,"currency":"USD","description":null,"customerId":null,"processedAt":"2026-01-02T03:04:05Z","cached":false}""";

    private static readonly PaymentRequest Request = new(100, "USD");

    [Fact]
    public async Task PayAsync_AnswerLostTwice_SameKeyEachTime()
    {
        var service = new ScriptedService(Cut(), Cut(), Answer(HttpStatusCode.Created, Captured));

        var payment = await Client(service).PayAsync("order-1", Request);

        payment.PaymentId.ShouldBe("pay_1");
        service.Keys.Count.ShouldBe(3);
        service.Keys.Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task PayAsync_SameIntentAgain_SameKey()
    {
        var service = new ScriptedService(Answer(HttpStatusCode.Created, Captured), Answer(HttpStatusCode.OK, Captured), Answer(HttpStatusCode.Created, Captured));
        var client = Client(service);

        await client.PayAsync("order-1", Request);
        await client.PayAsync("order-1", Request);
        await client.PayAsync("order-2", Request);

        service.Keys[1].ShouldBe(service.Keys[0]);
        service.Keys[2].ShouldNotBe(service.Keys[0]);
    }

    [Theory]
    [InlineData(402, "payment-declined", "false", typeof(PaymentDeclinedException), 1)]
    [InlineData(422, "idempotency-key-reused", "false", typeof(PaymentRefusedException), 1)]
    [InlineData(400, "validation-failed", "false", typeof(PaymentRefusedException), 1)]
    [InlineData(409, "payment-exists", "false", typeof(PaymentRefusedException), 1)]
    [InlineData(409, "in-progress", "true", typeof(PaymentUnknownException), 3)]
    [InlineData(503, "engine-unavailable", "true", typeof(PaymentUnknownException), 3)]
    [InlineData(502, "", null, typeof(PaymentUnknownException), 3)]
    [InlineData(408, "", null, typeof(PaymentUnknownException), 3)]
    [InlineData(404, "", null, typeof(PaymentRefusedException), 1)]
    public async Task PayAsync_Problem_RetriedAsTheServiceSays(int status, string code, string? shouldRetry, Type expected, int tries)
    {
        var answer = Answer((HttpStatusCode)status, code.Length == 0 ? "<html>" : $$"""{"code":"{{code}}","detail":"no"}""", shouldRetry);
        var service = new ScriptedService(answer, answer, answer, answer);

        var trouble = await Should.ThrowAsync<PaymentsException>(() => Client(service, attempts: 3).PayAsync("order-1", Request));

        trouble.ShouldBeOfType(expected);
        service.Keys.Count.ShouldBe(tries);
    }

    [Fact]
    public async Task PayAsync_Accepted_AsksAgainUntilTheOutcome()
    {
        var service = new ScriptedService(Answer(HttpStatusCode.Accepted, "{}", "true", 0), Answer(HttpStatusCode.OK, Captured));

        (await Client(service).PayAsync("order-1", Request)).Status.ShouldBe("captured");
    }

    [Fact]
    public async Task PayAsync_RetryAfter_IsWaitedForAndNotLess()
    {
        var clock = new SkippingClock();
        var service = new ScriptedService(
            Answer(HttpStatusCode.ServiceUnavailable, """{"code":"engine-unavailable"}""", "true", retryAfterSeconds: 5),
            Answer(HttpStatusCode.Accepted, "{}", "true", retryAfterSeconds: 7),
            Answer(HttpStatusCode.Created, Captured));

        await Client(service, clock: clock).PayAsync("order-1", Request);

        clock.Waited.Count.ShouldBe(2);
        clock.Waited[0].TotalSeconds.ShouldBeInRange(5, 5.1);
        clock.Waited[1].TotalSeconds.ShouldBeInRange(7, 7.1);
    }

    [Fact]
    public async Task PayAsync_RetryAfterADate_IsWaitedFor()
    {
        var clock = new SkippingClock();
        var service = new ScriptedService(
            () => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Headers = { RetryAfter = new(clock.GetUtcNow().AddSeconds(20)) } },
            // A date that is over asks for nothing.
            () => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Headers = { RetryAfter = new(clock.GetUtcNow().AddSeconds(-20)) } },
            Answer(HttpStatusCode.Created, Captured));

        await Client(service, clock: clock).PayAsync("order-1", Request);

        clock.Waited[0].TotalSeconds.ShouldBeInRange(20, 20.1);
        clock.Waited[1].TotalSeconds.ShouldBeInRange(0.1, 0.2);
    }

    [Fact]
    public async Task PayAsync_AskedForASecondEachTime_PausesGrowAllTheSame()
    {
        var clock = new SkippingClock();
        var busy = Answer(HttpStatusCode.ServiceUnavailable, """{"code":"engine-unavailable"}""", "true", retryAfterSeconds: 1);
        var service = new ScriptedService([.. Enumerable.Repeat(busy, 6), Answer(HttpStatusCode.Created, Captured)]);

        await Client(service, clock: clock, backoffMax: TimeSpan.FromSeconds(10)).PayAsync("order-1", Request);

        clock.Waited.ShouldAllBe(pause => pause >= TimeSpan.FromSeconds(1));
        // 100 ms doubled five times, and at least half of that.
        clock.Waited[5].TotalSeconds.ShouldBeInRange(1.6, 3.2);
    }

    [Fact]
    public async Task GetStatusAsync_LostAndBusy_AskedAgainAndNullWhereNothingIs()
    {
        var busy = Answer(HttpStatusCode.ServiceUnavailable, """{"code":"engine-unavailable"}""", "true", retryAfterSeconds: 1);
        var nothing = Answer(HttpStatusCode.NotFound, """{"code":"not-found"}""", "false");
        var service = new ScriptedService(Cut(), busy, Answer(HttpStatusCode.OK, Captured), nothing, Cut(), Cut());

        (await Client(service).GetStatusAsync("pay_1"))!.Status.ShouldBe("captured");
        (await Client(service).GetStatusAsync("pay_2")).ShouldBeNull();
        await Should.ThrowAsync<PaymentUnknownException>(() => Client(service, attempts: 2).GetStatusAsync("pay_3"));
        service.Keys.ShouldBeEmpty();
    }

    [Fact]
    public async Task PayAsync_NoAnswer_PausesGrowUpToTheLongestAndDiffer()
    {
        var pauses = await PausesAsync();
        var others = await PausesAsync();

        pauses.Count.ShouldBe(11);
        pauses[0].ShouldBeLessThan(TimeSpan.FromSeconds(1));
        pauses.Max().ShouldBeInRange(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1));
        // Two callers that lost the same service do not come back together.
        pauses.SequenceEqual(others).ShouldBeFalse();

        static async Task<IReadOnlyList<TimeSpan>> PausesAsync()
        {
            var clock = new SkippingClock();
            var service = new ScriptedService([.. Enumerable.Repeat(Cut(), 12)]);
            await Should.ThrowAsync<PaymentUnknownException>(() => Client(service, attempts: 12, clock: clock).PayAsync("order-1", Request));
            service.Keys.Count.ShouldBe(12);
            return clock.Waited;
        }
    }

    [Fact]
    public async Task PayAsync_TimeIsOver_GivesUpWithAnUnknownOutcome()
    {
        var clock = new SkippingClock();
        var busy = Answer(HttpStatusCode.ServiceUnavailable, """{"code":"engine-unavailable"}""", "true", retryAfterSeconds: 50);
        var service = new ScriptedService([.. Enumerable.Repeat(busy, 9)]);

        await Should.ThrowAsync<PaymentUnknownException>(() => Client(service, clock: clock).PayAsync("order-1", Request));

        // At 0, 50 and 100 seconds; the next would be after two minutes.
        service.Keys.Count.ShouldBe(3);
    }

    [Fact]
    public async Task PayAsync_NobodyAnswers_NoTryStartsAfterItsTime()
    {
        var clock = new SkippingClock();
        var service = new ScriptedService([.. Enumerable.Repeat(Cut(), 99)]);

        await Should.ThrowAsync<PaymentUnknownException>(
            () => Client(service, attempts: 99, clock: clock, backoffMax: TimeSpan.FromSeconds(50)).PayAsync("order-1", Request));

        clock.Waited.Sum(pause => pause.TotalSeconds).ShouldBeInRange(50, 120);
    }

    [Fact]
    public async Task PayAsync_AfterARestartOfTheCaller_SameKeyFromTheFile()
    {
        var path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
        try
        {
            var service = new ScriptedService(Cut(), Answer(HttpStatusCode.OK, Captured));
            using (var keys = new FileKeyStore(path))
            {
                await Should.ThrowAsync<PaymentUnknownException>(() => Client(service, attempts: 1, keys: keys).PayAsync("order-1", Request));
            }
            using (var keys = new FileKeyStore(path))
            {
                await Client(service, keys: keys).PayAsync("order-1", Request);
            }

            service.Keys[1].ShouldBe(service.Keys[0]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task FileKeyStore_OpenedAgain_KeepsKeysAndSkipsATornLine()
    {
        var path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
        try
        {
            using (var store = new FileKeyStore(path))
            {
                (await store.GetOrAddAsync("order-1", () => "key-1", TestContext.Current.CancellationToken)).ShouldBe("key-1");
            }
            await File.AppendAllTextAsync(path, """{"Intent":"order-2","Ke""", TestContext.Current.CancellationToken);

            using (var again = new FileKeyStore(path))
            {
                (await again.GetOrAddAsync("order-1", () => "another", TestContext.Current.CancellationToken)).ShouldBe("key-1");
                (await again.GetOrAddAsync("order-2", () => "key-2", TestContext.Current.CancellationToken)).ShouldBe("key-2");
            }
            using var third = new FileKeyStore(path);
            (await third.GetOrAddAsync("order-2", () => "another", TestContext.Current.CancellationToken)).ShouldBe("key-2");
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static PaymentsClient Client(ScriptedService service, int attempts = 10, IKeyStore? keys = null, TimeProvider? clock = null, TimeSpan? backoffMax = null) => new(
        new HttpClient(service) { BaseAddress = new Uri("http://service") },
        new PaymentsClientOptions
        {
            AttemptsMax = attempts, BackoffFirst = TimeSpan.FromMilliseconds(100), BackoffMax = backoffMax ?? TimeSpan.FromSeconds(1),
            Keys = keys ?? new MemoryKeyStore(), Time = clock ?? new SkippingClock(),
        });
}
